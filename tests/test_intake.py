"""Many reports from one source: nothing lost without a word, nothing read that should not be, everything bounded."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from geo import fetching
from geo.errors import InputError
from geo.fetching import fetch
from geo.intake import KINDS, intake, intake_bytes
from tests.loopback import Offer, serving

ONE, TWO = "5 March 2020\n\nFighting goes on in Idlib.", "6 March 2020\n\nThe army took Saraqib."


def zipped(**files: str | bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return held.getvalue()


# ---------------------------------------------------------------- folders and archives


def test_a_folder_gives_its_reports_in_order_and_leaves_other_files_alone(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "two.txt").write_text(TWO, encoding="utf-8")
    (tmp_path / "a.md").write_text(ONE, encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / ".hidden.txt").write_text(ONE, encoding="utf-8")
    found = intake(tmp_path)
    assert [document.published for document in found.documents] == [dt.date(2020, 3, 5), dt.date(2020, 3, 6)]
    assert not found.left_out


def test_a_report_that_cannot_be_read_is_told_and_the_others_are_kept(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(ONE, encoding="utf-8")
    (tmp_path / "empty.txt").write_text(" ", encoding="utf-8")
    found = intake(tmp_path)
    assert len(found.documents) == 1
    assert "empty.txt" in found.left_out[0]


def test_a_zip_gives_its_reports_once_each() -> None:
    found = intake_bytes(zipped(x__one_dot_txt=ONE, again_dot_txt=ONE, two_dot_md=TWO, notes_dot_png=b"\x89PNG"), "reports.zip")
    assert len(found.documents) == 2


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"no zip", "cannot be unpacked"),
        (zipped(big_dot_txt="x" * 3_000_000), "unpacks to 200 times its size"),
        (zipped(a_dot_png=b"1"), "holds no report"),
        (zipped(**{"xx/xx/etc_dot_txt": ONE}).replace(b"xx/xx/", b"../../"), "points out of the archive"),
    ],
    ids=["no zip", "bomb", "no report", "way out"],
)
def test_a_zip_that_cannot_be_used_is_told_in_one_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        intake_bytes(data, "reports.zip")


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no report"):
        intake(tmp_path)


# ---------------------------------------------------------------- tables


@pytest.mark.parametrize("comma", [",", ";", "\t"])
def test_each_row_of_a_table_is_a_report(comma: str) -> None:
    rows = [["Headline", "Date", "Outlet", "Body", "URL"], ["Idlib", "2020-03-05", "Reuters", "Fighting in Idlib", "https://example.org/1"]]
    data = "\n".join(comma.join(row) for row in rows).encode()
    document = intake_bytes(data, "reports.csv").documents[0]
    assert (document.title, document.published, document.source, document.text, document.path) == (
        "Idlib", dt.date(2020, 3, 5), "Reuters", "Fighting in Idlib", "https://example.org/1",
    )


def test_a_table_without_texts_is_told_and_a_row_without_text_is_left_out() -> None:
    with pytest.raises(InputError, match="has no column with the text"):
        intake_bytes(b"a,b\n1,2\n", "table.csv")
    found = intake_bytes(b"text,date\nFighting in Idlib,soon\n,2020-03-05\n", "table.csv")
    assert [document.published for document in found.documents] == [None]
    assert len(found.left_out) == 1


# ---------------------------------------------------------------- feeds

RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>The Wire</title>
<item><title>Idlib shelled</title><link>https://example.org/1</link><pubDate>Thu, 05 Mar 2020 10:00:00 GMT</pubDate>
<content:encoded><![CDATA[<p>Shells fell on <b>Idlib</b>.</p>]]></content:encoded></item>
<item><title>Second</title><description>The army took Saraqib.</description></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>The Wire</title><entry><title>Idlib shelled</title><link href="https://example.org/1"/>
<updated>2020-03-05T10:00:00Z</updated><summary>Shells fell on Idlib.</summary></entry></feed>"""


@pytest.mark.parametrize("feed", [RSS, ATOM], ids=["rss", "atom"])
def test_each_item_of_a_feed_is_a_report(feed: str) -> None:
    document = intake_bytes(feed.encode(), "feed.xml").documents[0]
    assert (document.title, document.source, document.published) == ("Idlib shelled", "The Wire", dt.date(2020, 3, 5))
    assert document.path == "https://example.org/1"
    assert "Shells fell on" in document.text
    assert "<b>" not in document.text


@pytest.mark.parametrize("feed", [b"<rss><item>", b'<!DOCTYPE x [<!ENTITY a "b">]><rss/>', b"<rss></rss>"])
def test_a_feed_that_cannot_be_used_is_told(feed: bytes) -> None:
    with pytest.raises(InputError, match=r"feed\.xml"):
        intake_bytes(feed, "feed.xml")


# ---------------------------------------------------------------- the web

PAGE = b"<html><head><title>Talks</title></head><body><article><p>The army took Saraqib on 5 March 2020.</p></article></body></html>"
HTML = {"Content-Type": "text/html; charset=utf-8"}


def test_a_page_is_read_where_it_is_allowed() -> None:
    with serving() as server:
        server.offers["story"] = Offer(body=PAGE, headers=HTML)
        server.offers["moved"] = Offer(location=server.url("story"))
        document = intake(server.url("moved"), allow_private=True).documents[0]
        assert "Saraqib" in document.text
        assert (document.path, document.source) == (server.url("story"), "127.0.0.1")


def test_a_feed_at_an_address_gives_its_items() -> None:
    with serving() as server:
        server.offers["feed"] = Offer(body=RSS.encode(), headers={"Content-Type": "application/rss+xml"})
        assert len(intake(server.url("feed"), allow_private=True).documents) == 2


def test_the_own_machine_and_network_are_not_asked() -> None:
    with serving() as server:
        server.offers["secret"] = Offer(body=PAGE, headers=HTML)
        with pytest.raises(InputError, match="leads into a private network"):
            fetch(server.url("secret"))
        assert server.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.9.9", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1", "fe80::1",
        "fc00::1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "240.0.0.1", "255.255.255.255",
    ],
)
def test_an_address_that_is_not_public_is_none(address: str) -> None:
    assert not fetching._is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"])
def test_a_public_address_is_one(address: str) -> None:
    assert fetching._is_public(address)


def test_a_host_with_one_private_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def lookup(*arguments: Any, **more: Any) -> list[Any]:
        return [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("10.0.0.5", 80))]

    monkeypatch.setattr(fetching.socket, "getaddrinfo", lookup)
    with pytest.raises(InputError, match="private network"):
        fetch("http://news.example/")


def test_a_redirect_is_checked_like_the_address_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as server:
        server.offers["go"] = Offer(location="http://10.0.0.1/admin")
        checked: list[str] = []

        def address(host: str, port: int, url: str, *, allow_private: bool) -> str:
            checked.append(host)
            if host != "127.0.0.1":
                raise InputError(f"{url} leads into a private network")
            return host

        monkeypatch.setattr(fetching, "_address", address)
        with pytest.raises(InputError, match="private network"):
            fetch(server.url("go"))
        assert checked == ["127.0.0.1", "10.0.0.1"]


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("ftp://example.org/x", "no address of the web"), ("file:///etc/passwd", "no address of the web"),
        ("http://", "no address of the web"),
        ("http://user:secret@example.org/", "holds a name or a password"), ("http://[::1", "no address of the web"),
        ("http://example.org:99999/", "no address of the web"),
    ],
)
def test_an_address_that_is_none_is_told(url: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence) as told:
        fetch(url, allow_private=True)
    assert "secret" not in str(told.value)


def test_limits_of_size_kind_errors_loops_and_time_end_in_a_sentence() -> None:
    with serving() as server:
        server.offers |= {
            "big": Offer(body=b"x" * 40_000, headers=HTML), "picture": Offer(body=b"x", headers={"Content-Type": "image/png"}),
            "loop": Offer(location=server.url("loop")), "gone": Offer(statuses=[410]),
        }
        for path, sentence in {
            "big": "more than 0.01 MB", "picture": "is image/png", "loop": "more than 5 redirects", "gone": "answers 410",
            "none": "answers 404",
        }.items():
            with pytest.raises(InputError, match=sentence):
                fetch(server.url(path), allow_private=True, max_bytes=10_000)
        with pytest.raises(InputError, match="takes too long"):
            fetch(server.url("big"), allow_private=True, seconds=0.0)


def test_every_kind_that_is_promised_has_a_reader(tmp_path: Path) -> None:
    for suffix in KINDS:
        file = tmp_path / f"broken{suffix}"
        file.write_bytes(b"\x00")
        with pytest.raises(InputError):
            intake(file)
