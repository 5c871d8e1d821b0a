"""The frame to paste and the oEmbed answer: they lead to the page and let it reach nothing."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from geo import embed
from geo.__main__ import main
from geo.errors import InputError
from tests.hostile import HOSTILE

REPORT = "Rebels captured Saraqib on Monday, and Turkish forces shelled Idlib."


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, Any]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_titles_stay_in_their_attribute(words: str) -> None:
    tags = Tags(embed.snippet("map.html", title=words)).tags
    assert [tag for tag, _ in tags] == ["iframe"]
    assert tags[0][1]["title"] == " ".join(words.split())
    assert set(tags[0][1]) == {"src", "title", "width", "height", "sandbox", "loading", "style"}


def test_the_frame_may_run_its_own_script_and_nothing_else() -> None:
    told = Tags(embed.snippet("https://example.org/map.html?a=1&b=2", title="x")).tags[0][1]
    assert told["sandbox"] == "allow-scripts"
    assert told["loading"] == "lazy"
    assert told["src"] == "https://example.org/map.html?a=1&b=2"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "", " ", "https://example.org/a b", "ftp://x/y", "a\nb", "http://["])
def test_an_address_that_is_none_of_a_page_is_refused(address: str) -> None:
    with pytest.raises(InputError, match=r"write it as https://example\.org/map\.html"):
        embed.snippet(address, title="x")


def test_the_answer_is_oembed_of_the_type_rich() -> None:
    told = json.loads(embed.oembed("https://example.org/map.html", title='"Idlib" إدلب'))
    assert told["version"] == "1.0"
    assert told["type"] == "rich"
    assert told["title"] == '"Idlib" إدلب'
    assert told["html"] == embed.snippet("https://example.org/map.html", title='"Idlib" إدلب')
    assert (told["width"], told["height"]) == (embed.WIDTH, embed.HEIGHT)


def test_the_command_prints_the_frame_and_writes_the_answer_beside_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "report.txt"
    report.write_text(REPORT, encoding="utf-8")
    out = tmp_path / "a map.html"
    assert main(["map", str(report), "-o", str(out), "--embed"]) == 0
    printed = Tags(capsys.readouterr().out).tags[0][1]
    assert printed["src"] == "a%20map.html"
    assert Tags(json.loads((tmp_path / "a map.oembed.json").read_text(encoding="utf-8"))["html"]).tags[0][1] == printed
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a map.html", "a map.oembed.json", "report.txt"]


@pytest.mark.parametrize(("out", "more", "said"), [
    ("map.geojson", ["--embed"], "--embed is for one page, and 0 are written"),
    ("map.html", ["--embed-url", "javascript:alert(1)"], "is none of a page"),
])
def test_what_cannot_be_embedded_is_told_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], out: str, more: list[str], said: str
) -> None:
    report = tmp_path / "report.txt"
    report.write_text(REPORT, encoding="utf-8")
    assert main(["map", str(report), "-o", str(tmp_path / out), *more]) == 2
    assert said in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["report.txt"]
