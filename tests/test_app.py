"""The app, run without a browser: what it shows, what it does not do twice, how it takes bad input, what it keeps."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from geo import decision_files
from geo.records import Decision
from tests import hostile_report as hostile

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.filterwarnings("default")

TRIPOLI = (
    "TRIPOLI, 3 May 2014 - Army units took control of Tripoli on Saturday after two nights of fighting. "
    "The army held the road 5 km north of Tripoli."
)
NEXT_DAY = "4 May 2014 - Gunmen attacked an army post in Tripoli on Sunday, and the army took control of the port of Tripoli."
LEBANON = "geonames:266826"


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The app in its first state, with a desk of its own; the working directory is the repository, as when it is served."""
    yield from _app(tmp_path, monkeypatch)


def _app(desk: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    import streamlit as st
    from streamlit.testing.v1 import AppTest

    monkeypatch.setenv("SALIENT_DESK", str(desk))
    st.cache_resource.clear()
    before = Path.cwd()
    os.chdir(ROOT)
    yield AppTest.from_file(str(ROOT / "app.py"), default_timeout=180)
    os.chdir(before)


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The title of each report that was read."""
    from geo import rereading

    done: list[str] = []
    real = rereading.read_said

    def counted(document: Any, **options: Any) -> Any:
        done.append(document.title)
        return real(document, **options)

    monkeypatch.setattr(rereading, "read_said", counted)
    return done


def fed(app: Any) -> dict[str, Any]:
    """What the frame of text and map was told last."""
    for found in app.get("bidi_component"):
        data = bytes(found.proto.bytes)
        if data.startswith(b"feed\n"):
            told: dict[str, Any] = json.loads(data.split(b"\n", 2)[2])
            return told
    raise AssertionError("the frame was told of no situation")


def frame(app: Any) -> dict[str, Any]:
    """What goes to the frame besides: the filter, the mode, the pick."""
    for found in app.get("bidi_component"):
        if '"feed"' in found.proto.json and '"filter"' in found.proto.json:
            told: dict[str, Any] = json.loads(found.proto.json)
            return told
    raise AssertionError("there is no frame")


def words(app: Any) -> str:
    """Everything that is shown outside the map."""
    shown = [element.value for kind in (app.markdown, app.caption, app.error, app.info, app.title) for element in kind]
    return "\n".join([*map(str, shown), *(frame.value.to_csv() for frame in app.dataframe)])


def desk(app: Any) -> Any:
    return app.session_state["_desk"]


def tab(app: Any, name: str) -> Any:
    """The page with another tab open below the map."""
    label = next(one.label for one in app.tabs if one.label.startswith(name))
    app.session_state["tab"] = label
    return app.run()


def paste(app: Any, text: str) -> Any:
    app.run()
    app.radio(key="source").set_value("text").run()
    app.text_area(key="text").set_value(text)
    next(button for button in app.button if button.label == "Map it").click()
    return app.run()


def decide(app: Any, *decisions: Decision) -> Any:
    """The page after corrections that the drawer makes."""
    here = desk(app)
    here.before, here.history = here.drawn, here.history.added(*decisions)
    return app.run()


def home(app: Any, name: str) -> set[str]:
    """The countries in which a place of that name stands."""
    return {place.feature.country for place in desk(app).drawn.places if place.feature.name == name}


def test_it_opens_with_a_mapped_briefing(app: Any) -> None:
    app.run()
    assert not app.exception
    assert not app.error
    assert "Idlib" in fed(app)["title"]
    assert fed(app)["layers"]
    labels = [one.label.split(" (")[0] for one in app.tabs]
    assert labels == ["Places", "Claims", "Not resolved", "Corrections", "Compare", "Take away", "Library", "About"]
    assert "Idlib" in words(app)


@pytest.mark.parametrize("name", ["Claims", "Not resolved", "Corrections", "Compare", "Take away", "Library", "About"])
def test_every_tab_opens(name: str, app: Any) -> None:
    app.run()
    tab(app, name)
    assert not app.exception
    assert not app.error


def test_a_second_run_reads_nothing_and_draws_nothing_again(app: Any, readings: list[str]) -> None:
    app.run()
    before, told, drawn = len(readings), frame(app), desk(app).drawn
    app.run()
    assert len(readings) == before
    assert frame(app) == told
    assert desk(app).drawn is drawn


def test_a_filter_reads_nothing_again_and_reaches_map_and_table(app: Any, readings: list[str]) -> None:
    app.run()
    before = len(readings)
    app.multiselect(key="statuses").select("proposed").run()
    assert len(readings) == before
    claims = desk(app).drawn.claims
    assert set(frame(app)["filter"]["claims"]) == {claim.id for claim in claims if claim.status == "proposed"}
    tab(app, "Claims")
    assert len(app.dataframe[0].value) == sum(claim.status == "proposed" for claim in claims)


def test_the_address_holds_what_is_chosen_and_gives_it_back(app: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app.run()
    app.multiselect(key="statuses").select("proposed").run()
    app.selectbox(key="view").select("neutral").run()
    address = dict(app.query_params.items())
    assert address == {"statuses": "proposed", "view": "neutral"} | ({"lang": address["lang"]} if "lang" in address else {})
    other = next(_app(tmp_path, monkeypatch))
    for name, value in address.items():
        other.query_params[name] = value
    other.run()
    assert other.multiselect(key="statuses").value == ["proposed"]
    assert desk(other).drawn.view == "neutral"


def test_an_address_that_is_nonsense_is_passed_over(app: Any) -> None:
    nonsense = {"view": "<script>", "as_of": "yesterday", "least": "nan", "statuses": "sure", "lang": "tlh", "desk": "../../x"}
    for name, value in nonsense.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    assert "Idlib" in fed(app)["title"]


def test_another_briefing_is_read(app: Any) -> None:
    app.run()
    app.selectbox(key="briefing").select("kherson-2022").run()
    assert not app.exception
    assert "Kherson" in words(app)


def test_a_pasted_report_is_mapped(app: Any) -> None:
    paste(app, "KYIV, 6 March 2022 – Shells fell on the city of Kharkiv.")
    assert not app.exception
    assert "Kharkiv" in words(app)


def upload(app: Any, *files: tuple[str, bytes, str]) -> Any:
    app.run()
    app.radio(key="source").set_value("files").run()
    return app.file_uploader(key="files").set_value(list(files)).run()


def test_uploaded_reports_make_one_map(app: Any) -> None:
    upload(app, ("a.txt", b"Shells fell on Kharkiv.", "text/plain"), ("b.md", b"---\ntitle: B\n---\nKyiv was quiet.", "text/markdown"))
    assert not app.exception
    assert "Kharkiv" in words(app)
    assert "Kyiv" in words(app)


def test_a_table_of_events_is_read_as_claims(app: Any) -> None:
    heads = "event_id_cnty,event_date,event_type,sub_event_type,actor1,actor2,country,location,latitude,longitude,geo_precision,source"
    row = "SYR1,2020-02-03,Battles,Armed clash,Military Forces of Syria,Opposition Rebels,Syria,Saraqeb,35.86,36.80,1,Desk"
    upload(app, ("events.csv", f"{heads}\n{row}\n".encode(), "text/csv"))
    assert not app.exception
    assert not app.error
    assert [claim.predicate for claim in desk(app).drawn.claims] == ["contests"]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", b"", "is empty"), ("a.txt", bytes(range(256)) * 9, "is binary"), ("a.docx", b"no", "is damaged"),
        ("![x](http%3A evil).txt", "é".encode("cp1252"), "is not UTF"), ("a.txt", b"It was quiet.", "names no place"),
    ],
)
def test_a_bad_upload_is_one_sentence_and_loses_nothing(name: str, data: bytes, message: str, app: Any) -> None:
    upload(app, (name, data, "text/plain"))
    assert not app.exception
    assert len(app.error) == 1
    shown = app.error[0].value
    assert message in shown.replace("\\", "")
    assert "![" not in shown
    assert "Idlib" in fed(app)["title"], "what was there before stays"


def test_what_cannot_be_read_leaves_the_map_before_it_to_be_worked_on(app: Any) -> None:
    paste(app, TRIPOLI)
    app.text_area(key="text").set_value("It was quiet.")
    next(button for button in app.button if button.label == "Map it").click()
    app.run()
    assert "names no place" in app.error[0].value
    decide(app, Decision(target="Tripoli", action="place", value=LEBANON, scope="document", document=desk(app).drawn.documents[0].id))
    assert home(app, "Tripoli") == {"LB"}
    assert "names no place" in app.error[0].value, "the text still stands there"
    app.text_area(key="text").set_value(" ")
    next(button for button in app.button if button.label == "Map it").click()
    app.run()
    assert not app.error
    paste(app, "It was quiet.")
    assert "names no place" in app.error[0].value, "asked for again, it is told again"


def test_an_address_that_may_not_be_asked_is_one_sentence(app: Any) -> None:
    app.run()
    app.radio(key="source").set_value("address").run()
    app.text_input(key="address").set_value("http://127.0.0.1:1/report")
    next(button for button in app.button if button.label == "Fetch and map it").click()
    app.run()
    assert not app.exception
    assert len(app.error) == 1


def test_hostile_text_reaches_the_page_only_as_text(app: Any) -> None:
    paste(app, hostile.document().text)
    assert not app.exception
    assert "window.hacked" in json.dumps(fed(app)["texts"])
    for element in [*app.markdown, *app.caption, *app.error]:
        assert "window.hacked" not in element.value


def test_a_correction_moves_what_hangs_on_it_and_undo_restores(app: Any, readings: list[str]) -> None:
    paste(app, TRIPOLI)
    assert home(app, "Tripoli") == {"LY"}
    first = fed(app)["layers"]
    decide(app, Decision(target="Tripoli", action="place", value=LEBANON, scope="document", document=desk(app).drawn.documents[0].id))
    assert home(app, "Tripoli") == {"LB"}
    moved = [round(desk(app).drawn.geometry(claim).centroid.x) for claim in desk(app).drawn.claims if claim.where]
    assert moved
    assert set(moved) == {36}, "the claims stand where the place is now"
    assert any("moved" in str(one.value) for one in app.markdown), "the card says what moved"
    before = len(readings)
    app.button(key="undo").click().run()
    assert home(app, "Tripoli") == {"LY"}
    assert fed(app)["layers"] == first
    assert len(readings) == before, "what was read before is not read again"
    app.button(key="redo").click().run()
    assert home(app, "Tripoli") == {"LB"}


def test_a_correction_for_the_desk_counts_for_the_next_report_and_the_next_day(
    app: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paste(app, TRIPOLI)
    decide(app, Decision(target="Tripoli", action="place", value=LEBANON, scope="desk"))
    paste(app, NEXT_DAY)
    assert home(app, "Tripoli") == {"LB"}, "no click was needed"
    assert decision_files.load(tmp_path / "local" / "desk.yaml")[0].value == LEBANON
    tomorrow = next(_app(tmp_path, monkeypatch))
    paste(tomorrow, NEXT_DAY)
    assert home(tomorrow, "Tripoli") == {"LB"}, "a new session knows it too"


def test_a_correction_of_one_report_counts_for_no_other(app: Any) -> None:
    paste(app, TRIPOLI)
    decide(app, Decision(target="Tripoli", action="place", value=LEBANON, scope="document", document=desk(app).drawn.documents[0].id))
    paste(app, NEXT_DAY)
    assert home(app, "Tripoli") == {"LY"}
    paste(app, TRIPOLI)
    assert home(app, "Tripoli") == {"LB"}, "and it is there again when the first report comes back"


def test_work_is_kept_and_its_address_restores_it(app: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paste(app, TRIPOLI)
    decide(app, Decision(target="Tripoli", action="place", value=LEBANON, scope="document", document=desk(app).drawn.documents[0].id))
    name = app.query_params["desk"]
    after_a_crash = next(_app(tmp_path, monkeypatch))
    after_a_crash.query_params["desk"] = name
    after_a_crash.run()
    assert not after_a_crash.exception
    assert desk(after_a_crash).drawn.documents[0].text.startswith("TRIPOLI")
    assert home(after_a_crash, "Tripoli") == {"LB"}
    after_a_crash.button(key="undo").click().run()
    assert home(after_a_crash, "Tripoli") == {"LY"}, "the way back is kept too"


def test_a_look_at_a_briefing_keeps_nothing(app: Any, tmp_path: Path) -> None:
    app.run()
    assert "desk" not in app.query_params
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("code", ["en", "fr", "es", "ar"])
def test_it_speaks_each_language(code: str, app: Any) -> None:
    app.query_params["lang"] = code
    app.run()
    assert not app.exception
    label = {"en": "Places", "fr": "Lieux", "es": "Lugares", "ar": "الأماكن"}[code]
    assert any(one.label.startswith(label) for one in app.tabs)
