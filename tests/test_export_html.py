"""One file, no requests, nothing but our own scripts."""

import base64
import hashlib
import html as standard
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from geo import webmap
from geo.errors import DataError, InputError
from geo.export import html
from tests.fake_situation import control_map, idlib
from tests.hostile import HOSTILE
from tests.hostile_situation import hostile


@pytest.fixture(scope="module")
def page() -> str:
    return html.page(idlib())


class Scripts(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self.texts: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.inside = tag == "script"
        if self.inside:
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.texts[-1] += data


def test_the_page_is_under_two_megabytes_and_the_same_each_time(page: str) -> None:
    assert len(page.encode("utf-8")) < 1_200_000
    assert page == html.page(idlib())


def test_the_policy_names_every_script_by_its_hash_and_no_other(page: str) -> None:
    policy = next(
        tag["content"] for name, tag in Scripts(page).tags if name == "meta" and tag.get("http-equiv") == "Content-Security-Policy"
    )
    hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in Scripts(page).texts}
    rules = dict(rule.split(" ", 1) for rule in (policy or "").split("; "))
    assert set(rules["script-src"].split()) == hashes
    assert rules["default-src"] == rules["connect-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert "unsafe-eval" not in (policy or "")


def test_nothing_is_loaded(page: str) -> None:
    for name, tag in Scripts(page).tags:
        assert not {"src", "srcset", "action", "data"} & set(tag), (name, tag)
        assert name not in ("link", "iframe", "object", "embed", "base")
    style = "".join(re.findall(r"<style>(.*?)</style>", page, re.DOTALL))
    assert "url(" not in style
    assert "@import" not in style


def test_no_flag_and_no_forbidden_zoom(page: str) -> None:
    assert "user-scalable=no" not in page
    assert '"attributionControl": false' in page


def test_the_file_appears_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = html.write(control_map(), tmp_path / "map.html")
    assert target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert [file.name for file in tmp_path.iterdir()] == ["map.html"]

    def fail(self: Path, target: Path) -> Path:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        html.write(control_map(), tmp_path / "second.html")
    assert [file.name for file in tmp_path.iterdir()] == ["map.html"]


@pytest.mark.parametrize("where", [".", "nosuch/map.html"])
def test_a_folder_is_no_file(tmp_path: Path, where: str) -> None:
    with pytest.raises(InputError, match="give a file name in a folder that exists"):
        html.write(control_map(), tmp_path / where)


def test_a_map_that_would_load_something_else_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webmap, "LEAFLET_JS_URL", "https://example.org/other.js")
    with pytest.raises(DataError, match=r"should load leaflet\.js once, but does so 0 times"):
        html.page(control_map())


def test_a_changed_leaflet_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in webmap.LEAFLET.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes() + (b" " if file.name == "leaflet.js" else b""))
    monkeypatch.setattr(webmap, "LEAFLET", tmp_path)
    with pytest.raises(DataError, match=r"leaflet/leaflet\.js is not the one whose hash is on record"):
        html.page(control_map())


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_add_no_tag_and_no_script(words: str) -> None:
    page = html.page(hostile(words))
    plain = html.page(hostile("plain"))
    assert [name for name, _ in Scripts(page).tags] == [name for name, _ in Scripts(plain).tags]
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    assert title is not None
    assert standard.unescape(title.group(1)) == words
    assert len(Scripts(page).texts) == len(Scripts(plain).texts)
