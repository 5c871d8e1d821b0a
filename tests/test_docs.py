"""Laws of the pages that are read: their links lead somewhere, their commands and examples run, what they name is there."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from geo import autosave, datafiles, decision_files, intake, messages
from geo.arguments import parser
from geo.settings import DEFAULTS
from geo.ui import reading
from scripts import check_messages

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
OF_THE_APP = [page for page in PAGES if page.name in ("tutorial.md", "desk.md")]
LARGEST_PICTURE = 250_000  # bytes
LONGEST_LINE = 140


@dataclass(frozen=True, kw_only=True)
class Fence:
    """A block between fences: its language, its text, the line before it, and where it stands."""

    language: str
    text: str
    before: str
    page: str
    line: int

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def fences(page: Path) -> list[Fence]:
    """Return the fenced blocks of a page, in order."""
    found: list[Fence] = []
    lines = page.read_text(encoding="utf-8").splitlines()
    opened = 0
    for number, line in enumerate(lines, 1):
        if line.startswith("```") and not opened:
            opened = number
        elif line.startswith("```"):
            before = next((one for one in reversed(lines[: opened - 1]) if one.strip()), "")
            text = "\n".join(lines[opened : number - 1]) + "\n"
            found.append(Fence(language=lines[opened - 1][3:].strip(), text=text, before=before, page=page.name, line=opened))
            opened = 0
    assert not opened, f"{page.name}, line {opened}: a block that is not closed"
    return found


ALL = [fence for page in PAGES for fence in fences(page)]
EXAMPLES = [(one, after) for one, after in zip(ALL, [*ALL[1:], None], strict=True) if one.language == "python"]
ROWS = [one for one in ALL if one.language == "csv"]


def prose(page: Path) -> str:
    """Return a page without its fenced and indented blocks, and without the code in its lines."""
    lines, inside = [], False
    for line in page.read_text(encoding="utf-8").splitlines():
        inside ^= line.startswith("```")
        if not inside and not line.startswith(("```", "    ")):
            lines.append(re.sub(r"`[^`]*`", "", line))
    return "\n".join(lines)


# Links


def anchors(page: Path) -> set[str]:
    """Return what the headings of a page are called in an address, as GitHub calls them."""
    inside, found = False, set()
    for line in page.read_text(encoding="utf-8").splitlines():
        inside ^= line.startswith("```")
        if not inside and line.startswith("#"):
            found.add(re.sub(r"[^\w\- ]", "", line.lstrip("# ").lower()).replace(" ", "-"))
    return found


LINKS = [(page, link) for page in [*PAGES, ROOT / "CHANGELOG.md"] for link in re.findall(r"\]\(([^)\s]+)\)", prose(page))]


@pytest.mark.parametrize(("page", "link"), LINKS, ids=[f"{page.name}:{link}" for page, link in LINKS])
def test_a_link_leads_somewhere(page: Path, link: str) -> None:
    if link.startswith(("http://", "https://")):
        return
    name, _, anchor = link.partition("#")
    target = (page.parent / name).resolve() if name else page
    assert target.exists(), f"{page.name} links to {name}, which is not there"
    assert target.is_relative_to(ROOT)
    if anchor:
        assert anchor in anchors(target), f"{page.name} links to #{anchor}; {target.name} has {sorted(anchors(target))}"


@pytest.mark.parametrize("page", PAGES[1:], ids=lambda page: page.name)
def test_every_page_is_linked_from_another(page: Path) -> None:
    assert any(link.partition("#")[0].endswith(page.name) for other, link in LINKS if other != page)


@pytest.mark.parametrize("picture", sorted((ROOT / "docs").glob("*.jpg")), ids=lambda picture: picture.name)
def test_a_picture_is_shown_somewhere_and_small(picture: Path) -> None:
    assert picture.stat().st_size < LARGEST_PICTURE
    assert any(link.endswith(picture.name) for _, link in LINKS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_picture_is_told_in_words(page: Path) -> None:
    assert not re.findall(r"!\[.{0,20}\]\(", page.read_text(encoding="utf-8")), "a picture needs words that say what it shows"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_lines_are_no_longer_than_the_code(page: Path) -> None:
    lines, inside = enumerate(page.read_text(encoding="utf-8").splitlines(), 1), False
    long = []
    for number, line in lines:
        inside ^= line.startswith("```")
        if not inside and len(line) > LONGEST_LINE and not line.startswith(("|", "#", "    ")):
            long.append(number)
    assert page.name == "peers.md" or not long  # peers.md is written by its script


# Commands


def commands() -> Iterator[tuple[str, str]]:
    """Yield (page, command) for every line of the pages that runs Salient, with what continues it."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8").replace("\\\n", " ")
        for line in text.splitlines():
            if found := re.match(r"(?: {4}|\$ )\s*(?:\.venv\S+python|python) -m geo (.+)", line):
                yield page.name, re.split(r"\s{2,}(?=[#a-z])", found[1])[0].partition(" #")[0].strip()
            else:
                yield from ((page.name, words) for words in re.findall(r"`python -m geo ([^`]+)`", line))


COMMANDS = sorted(set(commands()))


@pytest.mark.parametrize(("page", "command"), COMMANDS, ids=[f"{page}: {command}" for page, command in COMMANDS])
def test_a_command_of_the_pages_is_one_of_ours(page: str, command: str) -> None:
    """A command is taken as written; a pattern of commands names only subcommands and options that there are."""
    if not re.search(r"[\[|]|\.\.\.", command) and " " in command:
        assert parser().parse_args(shlex.split(command)).run
        return
    words = re.findall(r"--?[a-z][a-z-]*|\S+", command)
    for option in {word for word in words if word.startswith("--")}:
        assert option in helped(words[0]), f"{page}: {words[0]} has no {option}"


def helped(command: str) -> str:
    """Return the help of a command."""
    told = io.StringIO()
    with contextlib.redirect_stdout(told), pytest.raises(SystemExit):
        parser().parse_args([command, "--help"])
    return told.getvalue()


def test_make_knows_what_the_pages_ask_of_it() -> None:
    asked = {target for page in PAGES for target in re.findall(r"(?:^    |`)make (\w+)", page.read_text(encoding="utf-8"), re.MULTILINE)}
    told = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert asked - {"PYTHON"} <= told


# Examples


@pytest.mark.parametrize(("example", "after"), [pair for pair in EXAMPLES if pair[0].before != "are enough for this:"], ids=str)
def test_an_example_runs_and_prints_what_its_page_says(
    example: Fence, after: Fence | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "report.txt").write_text("Rebels attacked Saraqib on 5 March 2020.", encoding="utf-8")
    (tmp_path / "later.txt").write_text("Syrian government forces captured Saraqib on 6 March 2020.", encoding="utf-8")
    (tmp_path / "desk.yaml").write_text("version: 1\ndecisions: []\n", encoding="utf-8")
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(example.text, str(example), "exec"), {"__name__": "example"})
    if after is not None and after.language == "text":
        assert said.getvalue() == after.text


def test_the_example_of_rows_runs_with_those_rows_and_no_others(tmp_path: Path) -> None:
    example, after = next(pair for pair in EXAMPLES if pair[0].before == "are enough for this:")
    data = tmp_path / "data"
    shutil.copytree(datafiles.DATA, data, copy_function=os.link)
    for row in ROWS:
        table = data / re.findall(r"`data/(\w+\.csv)`", row.before)[0]
        text = table.read_text(encoding="utf-8")
        table.unlink()
        table.write_text(text.rstrip("\n") + "\n" + row.text, encoding="utf-8")
    code = f"from pathlib import Path\nfrom geo import datafiles\ndatafiles.DATA = Path({str(data)!r})\n{example.text}"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert told.returncode == 0, told.stderr
    assert after is not None
    assert told.stdout == after.text


def test_a_language_is_a_column_and_three_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    """What docs/seams.md says of a new language of the interface."""
    pages = (row["en"] for row in messages.rows() if row["where"] == "page")
    counted = next(words for words in pages if re.fullmatch(r"\{count\} \w+ \| \{count\} \w+", words))
    told = {"Undo": "Zurück", counted: "{count} Ding | {count} Dinge"}
    made = tuple({**row, "de": told.get(row["en"], row["en"])} for row in messages.rows())
    monkeypatch.setattr(messages, "rows", lambda: made)
    monkeypatch.setitem(messages.LANGUAGES, "de", "Deutsch")
    monkeypatch.setitem(messages.FORMS, "de", 2)
    monkeypatch.setitem(messages._PLURAL, "de", messages._PLURAL["en"])
    forget_words()
    try:
        assert messages.say("Undo", language="de") == "Zurück"
        assert [messages.say(counted, language="de", count=count) for count in (1, 3)] == ["1 Ding", "3 Dinge"]
        assert messages.chosen("de-AT") == "de"
    finally:
        forget_words()


def forget_words() -> None:
    """Have the table of messages read anew."""
    for found in vars(messages).values():
        if hasattr(found, "cache_clear"):
            found.cache_clear()


@pytest.mark.parametrize("block", [one for one in ALL if one.language == "yaml"], ids=str)
def test_an_example_of_a_file_of_corrections_can_be_read(block: Fence) -> None:
    assert decision_files.loads(block.text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_module_that_a_page_imports_from_has_that_name(page: Path) -> None:
    """Of the examples that are only shown, in indented lines or in the middle of a sentence."""
    for module, names in re.findall(r"from (geo[\w.]*) import ([\w, ]+)", page.read_text(encoding="utf-8")):
        for name in filter(None, re.split(r"[, ]+", names)):
            exec(f"from {module} import {name}", {})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_file_that_a_page_names_is_there(page: Path) -> None:
    """`geo/where.py`, data/actors.csv, scripts/check_tables.py and the like."""
    text = re.sub(r"https?://\S+", "", page.read_text(encoding="utf-8"))
    for name in re.findall(r"(?<![\w/.])((?:geo|data|tests|scripts|seeds|docs)/[\w./-]*\w\.\w+)", text):
        if (page.name, name) not in SHOWN_ONLY:
            assert (ROOT / name).exists(), f"{page.name} names {name}"


SHOWN_ONLY = {("seams.md", "geo/export/lines.py")}


# What the pages of the app call by its words


def spoken() -> set[str]:
    """Return every word that the app can show in English."""
    said = (words for kind in check_messages.said().values() for words in kind)
    table = (row["en"] for row in messages.rows())
    return {re.sub(r"\s*\(?\{\w+\}\)?", "", form).strip() for words in (*said, *table) for form in words.split(" | ")}


@pytest.mark.parametrize("page", OF_THE_APP, ids=lambda page: page.name)
def test_what_a_page_sets_in_bold_is_a_word_of_the_app(page: Path) -> None:
    bold = {" ".join(words.split()) for words in re.findall(r"\*\*([^*]+)\*\*", prose(page))}
    assert bold, "the page names nothing of the app"
    assert {words for words in bold if words not in spoken()} == set()


# What the pages say of limits and errors


@pytest.mark.parametrize(("number", "words"), [
    (intake.MOST, "{:,}"), (intake.MOST_BYTES // 1_000_000, "{} MB unpacked"), (DEFAULTS["max_mb"], "{:g} MB for one report"),
    (decision_files.MOST, "{:,}"), (reading.INLINE, "{:,} characters"), (autosave.MOST_DAYS, "{} days"),
], ids=lambda value: str(value))
def test_a_limit_that_the_page_of_the_app_names_is_the_one_that_holds(number: float, words: str) -> None:
    assert words.format(number) in " ".join((ROOT / "docs" / "desk.md").read_text(encoding="utf-8").split())


@pytest.mark.parametrize(("said", "least", "most", "figure"), [
    ("between eight and nine", 80, 90, r"(\d+) % are claims"), ("between five and six", 50, 60, r"(\d+) % of all are found"),
    ("about six times in seven", 84, 88, r"the status is right in (\d+) %"), ("about seven times in ten", 67, 74, r"the actor in (\d+) %"),
    ("forty-nine times in fifty", 97, 99, r"the place in (\d+) %"),
], ids=lambda value: str(value))
def test_how_often_it_is_wrong_is_told_alike_on_both_pages(said: str, least: int, most: int, figure: str) -> None:
    readme, page = (" ".join((ROOT / name).read_text(encoding="utf-8").split()) for name in ("README.md", LIMITS))
    assert said in page
    assert least <= int(re.findall(figure, readme)[0]) <= most


LIMITS = "docs/what-the-map-does-not-say.md"
