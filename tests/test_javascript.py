"""Our scripts: rules that a reader of a security policy would ask for, and the laws of their parts, run in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from geo import deskpage
from geo.webmap import ASSETS, LEAFLET, SCRIPTS
from tests.javascript_rules import complaints

LAWS = Path(__file__).parent / "js" / "page.test.js"
OURS = sorted(path.name for path in ASSETS.glob("*.js"))


@pytest.mark.parametrize("name", OURS)
def test_a_script_is_strict_and_makes_neither_markup_nor_code_of_text(name: str) -> None:
    assert complaints((ASSETS / name).read_text(encoding="utf-8")) == ()


def test_every_script_goes_into_a_page() -> None:
    assert sorted((*SCRIPTS, *deskpage.SCRIPTS)) == OURS


@pytest.mark.parametrize(("line", "said"), [
    ("node.innerHTML = text;", "uses innerHTML"),
    ("node['outerHTML'] = text;", "by a name in brackets"),
    ("node.insertAdjacentHTML('beforeend', text);", "uses insertAdjacentHTML"),
    ("document.write(text);", "uses document.write"),
    ("eval(text);", "uses eval"),
    ("new Function(text)();", "uses Function"),
    ("text.constructor.constructor('x')();", "uses constructor"),
    ("setTimeout('go()', 5);", "is given text to run"),
    ("setTimeout(`go(${text})`, 5);", "is given text to run"),
    ("node.setAttribute('onclick', text);", "sets the attribute"),
    ("window.location.href = text;", "uses href"),
    ("image.src = text;", "uses src"),
    ("shape.bindTooltip('<b>' + text);", "of which Leaflet makes markup"),
    ("L.divIcon({html: '<b>' + text});", "gives text where Leaflet makes markup"),
    ("fetch(text);", "uses fetch"),
    ("leak = text;", "which is declared nowhere"),
    ("var idle = 1;", "does not use it"),
    ("function idle() {}", "does not use it"),
    ("if (text == node) return;", "compares by =="),
    ("debugger;", "debugger"),
    ("var = ;", "cannot be read"),
])
def test_a_seeded_violation_is_found(line: str, said: str) -> None:
    clean = '"use strict";\n(function (S) {\n  S.go = function (text, node, image, shape) { return text + node; };\n})(Salient);\n'
    assert complaints(clean) == ()
    found = complaints(clean.replace("return", f"{line} return"))
    assert any(said in words for words in found), found


def test_a_script_that_is_not_strict_and_one_that_leaks_are_found() -> None:
    assert any("use strict" in words for words in complaints("(function (S) { S.a = 1; })(Salient);"))
    assert any("for the whole page" in words for words in complaints('"use strict";\nvar leak = 1;\n'))


@pytest.fixture(scope="module")
def told(browser: Any) -> Iterator[dict[str, str]]:
    """Each law with what is wrong with it, after one page has run them all."""
    page = browser.new_context(offline=True).new_page()
    page.set_content("<!DOCTYPE html><div id='map' style='width:400px;height:300px'></div>")
    page.add_script_tag(content=(LEAFLET / "leaflet.js").read_text(encoding="utf-8"))
    for name in SCRIPTS:
        page.add_script_tag(content=(ASSETS / name).read_text(encoding="utf-8"))
    page.evaluate("""() => { window.told = {};
        window.test = (name, law) => { try { law(); told[name] = ''; } catch (error) { told[name] = String(error); } }; }""")
    page.add_script_tag(content=LAWS.read_text(encoding="utf-8"))
    yield page.evaluate("window.told")
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("law", re.findall(r'^  test\("(.+?)", function', LAWS.read_text(encoding="utf-8"), re.MULTILINE))
def test_law(told: dict[str, str], law: str) -> None:
    assert told[law] == ""
