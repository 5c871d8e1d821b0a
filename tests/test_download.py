"""A download is whole and as published, or it is an error in plain words; an archive gives its members only, within limits."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo import archives, download
from geo.errors import DataError, InputError
from tests.loopback import Offer, Server, serving

BODY = bytes(range(256)) * 4_000


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(download, "_wait", lambda seconds: None)
    with serving() as made:
        yield made


def get(server: Server, tmp_path: Path, name: str = "SY.zip", **options: str) -> Path:
    return download.download(server.url(name), tmp_path / "downloads", **options)


def left(tmp_path: Path) -> list[str]:
    return sorted(file.suffix for file in (tmp_path / "downloads").iterdir())


def test_a_file_arrives_as_it_is_and_its_progress_is_told(server: Server, tmp_path: Path) -> None:
    server.offers["SY.zip"] = Offer(BODY)
    told: list[tuple[int, int]] = []
    file = download.download(server.url("SY.zip"), tmp_path, progress=lambda done, total, words: told.append((done, total)))
    assert file.read_bytes() == BODY
    assert file.name.endswith("-SY.zip")
    assert told[-1] == (1000, 1000)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_a_cut_off_is_taken_up_where_it_stopped(server: Server, tmp_path: Path) -> None:
    server.offers["SY.zip"] = Offer(BODY, cut_after=[300_000, 200_000])
    assert get(server, tmp_path).read_bytes() == BODY
    assert [wanted for _, wanted in server.asked] == ["", "bytes=300000-", "bytes=500000-"]


def test_the_next_run_goes_on_where_the_last_gave_up(server: Server, tmp_path: Path) -> None:
    server.offers["SY.zip"] = Offer(BODY, cut_after=[100_000] * download.ATTEMPTS)
    with pytest.raises(DataError, match=r"SY\.zip was cut off after 390 kB .* run the same command again"):
        get(server, tmp_path)
    assert left(tmp_path) == [".json", ".part"]
    assert get(server, tmp_path).read_bytes() == BODY
    assert server.asked[-1][1] == "bytes=400000-"


def test_another_version_is_not_glued_to_the_first(server: Server, tmp_path: Path) -> None:
    server.offers["SY.zip"] = Offer(BODY, cut_after=[100_000] * download.ATTEMPTS)
    with pytest.raises(DataError, match="cut off"):
        get(server, tmp_path)
    server.offers["SY.zip"] = Offer(BODY[::-1], tag='"v2"')
    assert get(server, tmp_path).read_bytes() == BODY[::-1]


def test_a_server_without_ranges_or_versions_starts_over(server: Server, tmp_path: Path) -> None:
    server.offers["SY.zip"] = Offer(BODY, tag="", ranges=False, cut_after=[100_000])
    assert get(server, tmp_path).read_bytes() == BODY
    assert [wanted for _, wanted in server.asked] == ["", ""]


def test_what_is_there_already_is_not_fetched_again(server: Server, tmp_path: Path) -> None:
    server.offers["SY.zip"] = Offer(BODY)
    first = get(server, tmp_path)
    made = first.stat().st_mtime_ns
    assert get(server, tmp_path).stat().st_mtime_ns == made


def test_more_than_was_announced_is_refused(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server.offers["SY.zip"] = Offer(BODY)
    monkeypatch.setattr(download, "_begin", lambda answer, part: (0, 1000))
    with pytest.raises(DataError, match="larger than its server said; nothing of it is kept"):
        get(server, tmp_path)
    assert left(tmp_path) == []


def test_less_than_was_announced_is_a_cut_off(server: Server, tmp_path: Path) -> None:
    server.offers["SY.zip"] = Offer(BODY, announced=len(BODY) + 5, tag="")
    with pytest.raises(DataError, match=r"SY\.zip was cut off"):
        get(server, tmp_path)


def test_a_file_that_is_too_large_is_refused_before_it_comes(server: Server, tmp_path: Path) -> None:
    server.offers["SY.zip"] = Offer(BODY)
    with pytest.raises(DataError, match="Salient takes files of up to 0 MB"):
        download.download(server.url("SY.zip"), tmp_path, max_bytes=1000)
    assert not [file for file in tmp_path.iterdir() if file.suffix == ".part"]


@pytest.mark.parametrize("how", ["given", "header"])
def test_a_wrong_hash_is_refused_and_nothing_is_kept(server: Server, tmp_path: Path, how: str) -> None:
    server.offers["SY.zip"] = Offer(BODY, digest="another file" if how == "header" else "")
    with pytest.raises(DataError, match=r"SY\.zip is damaged: its sha256 is .* published is"):
        get(server, tmp_path, sha256="0" * 64 if how == "given" else "")
    assert left(tmp_path) == []


def test_the_right_hash_is_accepted(server: Server, tmp_path: Path) -> None:
    server.offers["SY.zip"] = Offer(BODY)
    assert get(server, tmp_path, sha256=hashlib.sha256(BODY).hexdigest().upper()).read_bytes() == BODY


def test_a_redirect_is_followed_and_a_circle_is_not(server: Server, tmp_path: Path) -> None:
    server.offers |= {"SY.zip": Offer(BODY), "old": Offer(location="/SY.zip"), "round": Offer(location="/round")}
    assert get(server, tmp_path, "old").read_bytes() == BODY
    with pytest.raises(DataError, match="redirects in a circle"):
        get(server, tmp_path, "round")


@pytest.mark.parametrize("target", ["ftp://127.0.0.1/SY.zip", "file:///etc/hosts"])
def test_a_redirect_may_not_leave_the_web(server: Server, tmp_path: Path, target: str) -> None:
    server.offers["old"] = Offer(location=target)
    with pytest.raises(DataError, match=r"follows to https, or stays with http|away from the web"):
        get(server, tmp_path, "old")


def test_a_redirect_may_not_leave_https() -> None:
    request = download.urllib.request.Request("https://127.0.0.1/SY.zip")
    with pytest.raises(DataError, match="follows to https, or stays with https"):
        download._Redirects().redirect_request(request, None, 302, "", {}, "http://127.0.0.1/SY.zip")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (404, InputError, "There is no file at .* check the name"),
        (403, DataError, "refuses .*403"),
        (429, DataError, r"asks for fewer requests \(429\); wait a while"),
        (500, DataError, r"has a fault of its own \(500\); wait a while"),
    ],
)
def test_a_refusal_is_said_in_words(server: Server, tmp_path: Path, status: int, error: type[Exception], words: str) -> None:
    server.offers["SY.zip"] = Offer(BODY, statuses=[status] * download.ATTEMPTS)
    with pytest.raises(error, match=words):
        get(server, tmp_path)


def test_a_server_that_asks_to_wait_is_waited_for(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(download, "_wait", waited.append)
    server.offers["SY.zip"] = Offer(BODY, statuses=[429, 503, 200], headers={"Retry-After": "7"})
    assert get(server, tmp_path).read_bytes() == BODY
    assert waited == [7, 7]


def test_a_long_wait_is_left_to_the_user(server: Server, tmp_path: Path) -> None:
    server.offers["SY.zip"] = Offer(BODY, statuses=[429], headers={"Retry-After": "3600"})
    with pytest.raises(DataError, match="wait a while, then run the same command again"):
        get(server, tmp_path)
    assert len(server.asked) == 1


def test_a_server_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with serving() as gone:
        address = gone.url("SY.zip")
    with pytest.raises(DataError, match=r"SY\.zip cannot be fetched .* give --from with a copy"):
        download.download(address, tmp_path)


def test_a_proxy_of_the_environment_is_used(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server.offers["http://127.0.0.2/SY.zip"] = Offer(BODY)
    monkeypatch.setenv("http_proxy", server.address)
    assert download.download("http://127.0.0.2/SY.zip", tmp_path).read_bytes() == BODY


def test_a_stop_leaves_a_part_that_is_no_file(server: Server, tmp_path: Path) -> None:
    server.offers["SY.zip"] = Offer(BODY)

    def stop(done: int, total: int, words: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        download.download(server.url("SY.zip"), tmp_path / "downloads", progress=stop)
    assert left(tmp_path) == [".json", ".part"]
    assert get(server, tmp_path).read_bytes() == BODY


@pytest.mark.parametrize("address", ["SY.zip", "ftp://127.0.0.1/SY.zip", "file:///etc/hosts"])
def test_what_is_no_address_of_the_web_is_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no address"):
        download.download(address, tmp_path)


def packed(tmp_path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file


def test_a_member_is_read_and_written_where_the_caller_says(tmp_path: Path) -> None:
    file = packed(tmp_path, {"SY.txt": b"abc\n" * 1000, "folder/readme.txt": b"hi"})
    assert archives.members(file) == ("SY.txt", "folder/readme.txt")
    with archives.member(file, "SY.txt") as stream:
        assert stream.read() == b"abc\n" * 1000
    assert archives.extract(file, "folder/readme.txt", tmp_path / "mine").read_bytes() == b"hi"


@pytest.mark.parametrize("name", ["../SY.txt", "/etc/passwd", "a/../../b", "..\\SY.txt", "C:\\SY.txt"])
def test_a_member_that_points_out_of_its_archive_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="points out of the archive"):
        archives.members(packed(tmp_path, {name: b"x"}))


def test_a_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="unpacks to 200 times its size or more"):
        archives.members(packed(tmp_path, {"SY.txt": bytes(8 << 20)}))


def test_a_bomb_is_refused_by_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_BYTES", 1000)
    with pytest.raises(DataError, match="unpacks to more than"):
        archives.members(packed(tmp_path, {"a": bytes(600), "b": bytes(600)}))


def test_a_directory_that_lies_about_a_size_is_found_out(tmp_path: Path) -> None:
    file = packed(tmp_path, {"SY.txt": b"abcd" * 1000}, zipfile.ZIP_STORED)
    content = file.read_bytes()
    file.write_bytes(content.replace((4000).to_bytes(4, "little"), (40).to_bytes(4, "little")))
    with pytest.raises(DataError, match=r"SY\.txt in a\.zip"), archives.member(file, "SY.txt") as stream:
        stream.read()


@pytest.mark.parametrize("damage", ["cut", "flipped", "text", "empty"])
def test_a_damaged_archive_is_one_clear_error(damage: str, tmp_path: Path) -> None:
    file = packed(tmp_path, {"SY.txt": bytes(range(256)) * 100}, zipfile.ZIP_STORED)
    content = bytearray(file.read_bytes())
    if damage == "flipped":
        content[500] ^= 0xFF
    file.write_bytes({"cut": bytes(content[:-30]), "flipped": bytes(content), "text": b"hello", "empty": b""}[damage])
    with pytest.raises(DataError, match=r"no zip archive that can be read|is damaged"), archives.member(file, "SY.txt") as stream:
        stream.read()


def test_a_member_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"holds no SY\.txt \(but other"), archives.member(packed(tmp_path, {"other": b""}), "SY.txt"):
        raise AssertionError("nothing to read")
