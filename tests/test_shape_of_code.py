"""The shape of the code, held by reading it: size, direction, homes, names."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "geo").rglob("*.py"))
SOURCES = [*MODULES, ROOT / "app.py", *sorted((ROOT / "scripts").glob("*.py")), *sorted((ROOT / "tests").rglob("*.py"))]

# The straight line: a module imports those of its own row and of the rows above it, never one of a row below. Every module has its place.
ROWS = [
    {"__init__", "errors"},
    {
        "records", "progress", "choices", "recipes", "recipe_text", "distances", "settings", "names", "abbreviations", "datelines",
        "terminal", "solver",
    },
    {
        "projections", "charts", "grid", "points", "coordinates", "coordinate_words", "datafiles", "indexes", "index_writing", "neighbours",
        "raster", "lines", "languages", "inflection", "messages", "retold",
    },
    {"frontmatter", "webpage", "office", "repair", "sentences", "documents"},
    {
        "archives", "fetching", "intake", "overlay", "kml", "mapfiles", "download", "geonames_dump", "geoboundaries", "centrelines",
        "road_lines", "events", "installed",
    },
    {"barriers", "hand_drawn", "areas", "coasts", "grounds", "shapes", "where"},
    {"tables"},
    {"handtables", "territory", "prominence", "demonyms", "added", "gazetteer", "groups", "actors", "earlier"},
    {"holding_units", "linking", "supply", "offers", "install", "own_places"},
    {"tokens", "asked", "runs", "date_words", "days", "times", "dating", "words", "asked_languages", "exonyms", "local_names", "persons"},
    {
        "outlets", "name_features", "tagger_input", "tagger", "parser", "parser_input", "parser_parts", "parser_trees", "parser_words",
        "name_candidates", "name_rules", "recogniser_gazetteer", "recogniser_patterns", "recogniser_groups", "recogniser_coordinates",
        "recogniser_own", "language_names", "language_signs", "respelt", "recogniser_languages", "use_features", "use", "recognition",
    },
    {
        "foreign", "binding", "rank_model", "ranking", "questions", "reasons", "certainty", "namesakes", "nested_names", "passes",
        "coordinate_passes", "own_passes", "resolution", "services", "geocoding",
    },
    {
        "phrase_needs", "phrase_text", "phrase_leaves", "phrase_context", "phrase_rules", "phrase_back", "phrase_coasts", "phrase_nested",
        "phrase_relations", "phrases", "recipe_edits", "decisions", "decision_files",
    },
    {
        "typology", "clauses", "referents", "relations", "cued", "syntax", "speech", "attribution", "roles", "parties", "placed",
        "role_places", "vetoes", "course_words", "courses", "slot_actors", "slot_places", "slots", "parts", "voices", "fact_dates",
        "witnesses", "corroboration", "claims",
    },
    {
        "reader_endpoint", "reader_question", "reader_answer", "reader_quotes", "reader_grammar", "reader_gates", "reader_proof",
        "reader_merging", "reader_service", "readers",
    },
    {
        "ageing", "evidence", "reported", "frames", "control", "coverage", "override", "settlements", "tallies", "held", "theatre",
        "window", "updating", "truces", "zones",
    },
    {
        "situation", "rereading", "history", "event_import", "coarse", "redaction", "blur", "project", "project_records", "moves", "rivals",
        "claim_edits", "playback", "corpus", "reading_process", "jobs", "works", "autosave", "own_layers",
        "jsonlines", "workers", "streaming", "census", "claim_changes", "holdings", "changes", "sides", "comparing",
    },
    {
        "gold", "matching", "figures", "evaluation", "predictions", "mistakes", "scoreboard", "gold_claims", "claim_agreement",
        "claim_matching", "claims_scoring", "claims_scoreboard",
    },
    {"lettering", "symbology", "basemap", "relief", "views", "movements", "rows", "own_rows", "course_rows", "layers", "changes_drawn"},
    {"plate"},
    {
        "annotate", "markup", "hand_map", "locator", "rivals_map", "sheet", "evaluation_report", "claims_report", "packed", "payload",
        "payload_features", "payload_language", "payload_names", "payload_points", "payload_texts", "webmap",
    },
    {"export", "embed", "library", "desk_ground", "deskpage", "filters"},
    {"compared_maps", "method_card", "previews"},
    {"ui"},
    {"arguments", "options", "reader_options", "diff_command", "data_command", "parse_command", "evaluate_command", "commands", "__main__"},
]
HOMES = {
    "folium": {"webmap", "packed"}, "branca": {"webmap", "packed"}, "streamlit": {"ui"}, "trafilatura": {"webpage"}, "docx": {"office"},
    "pypdf": {"office"}, "yaml": {"frontmatter", "decision_files"}, "pyproj": {"projections", "charts"},
    "geopy": {"geocoding", "services"}, "dateparser": {"times"}, "onnxruntime": {"tagger"}, "tokenizers": {"tagger_input"},
    "matplotlib": {"lettering", "drawing", "picture"}, "fontTools": {"scalable"}, "pptx": {"slides_deck", "slides_template"},
}
LIGHT = ("geo", "geo.errors", "geo.records", "geo.settings", "geo.names", "geo.arguments", "geo.export")
HEAVY = (
    "geopandas", "pandas", "scipy", "shapely", "pyproj", "pyogrio", "folium", "streamlit", "trafilatura", "dateparser", "docx", "pypdf",
    "geopy", "onnxruntime", "tokenizers", "matplotlib", "pptx",
)


def short(path: Path) -> str:
    """`geo/export/vector.py` -> `export`, `geo/zones.py` -> `zones`."""
    parts = path.relative_to(ROOT / "geo").with_suffix("").parts
    return parts[0]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> tuple[str, ...]:
    """The modules that a module imports when it runs; those for type checking only are left out."""
    return tuple(_imports(parsed(path)))


def _imports(tree: ast.Module) -> Iterator[str]:
    guards = [node for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)]
    typing_only = {inner for guard in guards for inner in ast.walk(guard)}
    for node in ast.walk(tree):
        if node in typing_only:
            continue
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            if node.module == "geo":
                for name in node.names:
                    yield f"geo.{name.name}"


def ident(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [path for path in SOURCES if ROOT / "tests" not in path.parents], ids=ident)
def test_no_module_is_longer_than_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", [*MODULES, ROOT / "app.py"], ids=ident)
def test_a_function_fits_on_a_screen(path: Path) -> None:
    tree = parsed(path)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None and len(node.body) > 1 else node.body
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1
            assert lines <= 40, f"{node.name} in {ident(path)} has a body of {lines} lines"


def row_of(name: str) -> int | None:
    return next((number for number, row in enumerate(ROWS) if name in row), None)


@cache
def graph() -> dict[str, set[str]]:
    """Which modules (families as one) each module imports."""
    known = {short(path) for path in MODULES}
    made: dict[str, set[str]] = {name: set() for name in known}
    for path in MODULES:
        made[short(path)] |= {parts[1] for name in imports(path) if (parts := name.split("."))[0] == "geo" and len(parts) > 1} & known
        made[short(path)].discard(short(path))
    return made


@pytest.mark.parametrize("name", sorted({short(path) for path in MODULES}))
def test_every_module_has_one_place_in_the_line(name: str) -> None:
    assert sum(name in row for row in ROWS) == 1, f"put {name} into the row of its stage in ROWS"


@pytest.mark.parametrize("name", sorted(set().union(*ROWS)))
def test_imports_point_one_way(name: str) -> None:
    edges, mine = graph(), row_of(name)
    assert name in edges, f"{name} is no module any more; take it out of ROWS"
    later = {other for other in edges[name] if (row_of(other) or 0) > (mine or 0)}
    assert not later, f"{name} imports {', '.join(sorted(later))}, further down the line"


def test_the_library_never_imports_the_app() -> None:
    for path in MODULES:
        assert "app" not in {name.split(".")[0] for name in imports(path)}, ident(path)


def test_no_module_imports_itself_in_a_circle() -> None:
    edges = {name: {other for other in others if other != "__init__"} for name, others in graph().items()}
    while free := [name for name, others in edges.items() if not others]:
        for name in free:
            del edges[name]
        edges = {name: others - set(free) for name, others in edges.items()}
    assert not edges, f"a circle of imports among {', '.join(sorted(edges))}"


@pytest.mark.parametrize("library", HOMES)
def test_a_heavy_library_has_one_home(library: str) -> None:
    for path in [*MODULES, ROOT / "app.py"]:
        home = "app" if path.name == "app.py" else "ui" if path.parent.name == "ui" else path.stem
        if any(name.split(".")[0] == library for name in imports(path)):
            assert home in HOMES[library], f"{ident(path)} imports {library}; its home is {', '.join(HOMES[library])}"


@pytest.mark.parametrize("path", [path for path in MODULES if path.name != "__init__.py" or path.parent.name != "geo"], ids=ident)
def test_all_lists_what_is_public(path: Path) -> None:
    name = "geo." + ".".join(path.relative_to(ROOT / "geo").with_suffix("").parts)
    module = import_module(name.removesuffix(".__init__"))
    listed = set(module.__all__)
    tree = parsed(path)
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")}
    assert defined <= listed, f"{name}.__all__ lacks {sorted(defined - listed)}"
    assert all(hasattr(module, word) for word in listed), f"{name}.__all__ lists what is not there"


@pytest.mark.parametrize("path", [*MODULES, ROOT / "app.py"], ids=ident)
def test_what_is_public_says_what_it_does(path: Path) -> None:
    public = [
        node for node in parsed(path).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]
    silent = [node.name for node in public if ast.get_docstring(node) is None]
    assert not silent, f"{ident(path)} has no docstring for {', '.join(silent)}"


@pytest.mark.parametrize("path", [path for path in MODULES if path.name not in ("__main__.py", "arguments.py")], ids=ident)
def test_geo_prints_nothing(path: Path) -> None:
    calls = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.Call)]
    assert not [call.lineno for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]


@pytest.mark.parametrize("path", MODULES, ids=ident)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not text.strip() or ast.get_docstring(parsed(path))


# Where any error is told rather than raised: the command line, one text of many, and threads, which hand it to the one that waits for them.
LAST_RESORTS = ("__main__.py", "corpus.py", "jobs.py", "streaming.py")


@pytest.mark.parametrize("path", MODULES, ids=ident)
def test_no_error_is_passed_over(path: Path) -> None:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ExceptHandler):
            broad = node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException"))
            silent = all(isinstance(line, ast.Pass) for line in node.body)
            assert not (broad and (silent or path.name not in LAST_RESORTS)), f"{ident(path)}, line {node.lineno}"


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "misc"])
def test_no_module_is_a_drawer(name: str) -> None:
    assert not [path for path in MODULES if path.stem == name]


@pytest.mark.parametrize("module", LIGHT)
def test_a_light_module_loads_nothing_heavy(module: str) -> None:
    script = f"import sys, time; start = time.perf_counter(); import {module}; print(time.perf_counter() - start, *sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    seconds, *loaded = done.stdout.split()
    assert float(seconds) < 1
    assert not set(HEAVY) & set(loaded)


MACHINE = re.compile(r"/(?:work|tmp|root|home|Users)/[\w.]|C:\\\\Users")


WRITTEN = [*SOURCES, *ROOT.glob("*.md"), *ROOT.glob("*.t*"), ROOT / "Makefile", ROOT / ".ci" / "run", *(ROOT / "data").glob("*.csv")]


@pytest.mark.parametrize("path", [path for path in WRITTEN if path.name != Path(__file__).name], ids=ident)
def test_nothing_names_a_path_of_a_machine(path: Path) -> None:
    found = MACHINE.search(path.read_text(encoding="utf-8"))
    assert not found, f"{ident(path)} names {found[0] if found else ''}"


def test_the_guide_to_the_code_names_every_module() -> None:
    guide = (ROOT / "README.md").read_text(encoding="utf-8").partition("## The code")[2].partition("\n## ")[0]
    named = set(re.findall(r"`(?:geo/)?(\w+)(?:\.py|/)?`", guide)) - {"scripts"}
    modules = {short(path) for path in MODULES} - {"__init__"}
    assert modules - named == set()
    assert named - modules <= {"app", "assets"}
