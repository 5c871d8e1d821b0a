"""Comparing on the desk: which sides a situation can be cut into, the exact list, maps of one extent, and the page that shows them."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from geo import comparing, sides, situation
from geo.changes import Changes, changes
from geo.compared_maps import Maps, extent, maps, round_about
from geo.documents import from_text
from geo.errors import InputError
from geo.export.changes import write_geojson
from geo.holdings import of_situation
from geo.settings import DEFAULTS
from tests import hostile_report

DAYS = (dt.date(2020, 1, 15), dt.date(2020, 1, 30))
HOSTILE_TITLE = "![x](http://evil.example/a.png) <b onclick=alert(1)>*Bold*</b> :material/bug_report: $x$"
REPORTS = (
    ("2020-01-10", "Wire One", "Rebels hold Saraqib and Ariha."),
    ("2020-01-29", "Wire One", "Syrian government forces captured Ariha on Tuesday."),
    ("2020-02-03", "Wire Two", "Rebels hold Ariha. Clashes continued in Saraqib on Monday."),
)


@pytest.fixture(scope="module")
def readings(gazetteer: Any) -> list[situation.Reading]:
    documents = [
        from_text(text, title=f"{HOSTILE_TITLE} {number}", source=source, published=dt.date.fromisoformat(day))
        for number, (day, source, text) in enumerate(REPORTS)
    ]
    return [situation.read_document(document, gazetteer=gazetteer, settings=DEFAULTS) for document in documents]


@pytest.fixture(scope="module")
def corpus(readings: list[situation.Reading], gazetteer: Any) -> situation.Situation:
    return situation.gather(readings, gazetteer=gazetteer, settings=DEFAULTS)


@pytest.fixture(scope="module")
def again(readings: list[situation.Reading], gazetteer: Any) -> comparing.Again:
    def read(documents: Collection[str], as_of: dt.date | None) -> situation.Situation:
        told = [reading for reading in readings if reading.document.id in documents]
        return situation.gather(told, gazetteer=gazetteer, as_of=as_of, settings=DEFAULTS, allow_empty=True)

    return read


@pytest.fixture(scope="module")
def found(corpus: situation.Situation, again: comparing.Again) -> Changes:
    return changes(*comparing.of_days(corpus, *DAYS, again=again))


def told(found: Changes) -> list[tuple[Any, ...]]:
    """What a comparison says, without its geometry."""
    return [
        (row.change, row.from_actor, row.to_actor, round(row.km2, 3), row.before_quotes, row.after_quotes)
        for row in found.areas.itertuples()
    ] + [(row.change, row.place, row.from_actor, row.to_actor, row.before_quotes, row.after_quotes) for row in found.claims.itertuples()]


def test_two_days_are_compared_as_on_the_command_line(
    found: Changes, readings: list[situation.Reading], gazetteer: Any
) -> None:
    other = changes(*sides.of_days(readings, *DAYS, gazetteer=gazetteer, settings=DEFAULTS))
    assert told(found) == told(other)
    assert told(found)


def test_two_publishers_are_compared_as_on_the_command_line(
    corpus: situation.Situation, again: comparing.Again, readings: list[situation.Reading], gazetteer: Any
) -> None:
    mine = changes(*comparing.of_publishers(corpus, "Wire One", "Wire Two", again=again))
    other = changes(*sides.of_sources(readings, ["Wire One", "Wire Two"], gazetteer=gazetteer, settings=DEFAULTS))
    assert told(mine) == told(other)
    assert mine.of_sources


def test_without_reading_again_two_days_differ_in_the_same_places(corpus: situation.Situation, found: Changes) -> None:
    cut = changes(*comparing.of_days(corpus, *DAYS))
    assert {row[:3] for row in told(cut)} == {row[:3] for row in told(found)}


def test_a_part_holds_nothing_of_the_other_reports(corpus: situation.Situation) -> None:
    wanted = {corpus.documents[0].id, corpus.documents[2].id}
    cut = comparing.part(corpus, wanted, None)
    assert {document.id for document in cut.documents} == wanted
    assert {claim.evidence[0].document_id for claim in cut.claims} == wanted
    named = [*cut.mentions, *cut.unresolved, *cut.phrases, *(mention for place in cut.places for mention in place.mentions)]
    assert {one.document_id for one in named} == wanted
    kept = {claim.id for claim in cut.claims}
    assert all(set(claims) <= kept for claims in cut.zones.claims)


def test_a_part_of_all_reports_is_the_situation_itself(corpus: situation.Situation) -> None:
    assert comparing.part(corpus, [document.id for document in corpus.documents], None) is corpus


def test_days_to_compare_are_those_of_facts_and_of_reports(corpus: situation.Situation) -> None:
    days = comparing.step_days(corpus)
    assert list(days) == sorted(set(days))
    assert {document.published for document in corpus.documents} <= set(days)
    assert days[-1] == corpus.as_of


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda one: comparing.of_days(one, DAYS[1], DAYS[0]), "is not before"),
        (lambda one: comparing.of_publishers(one, "Wire One", "Wire Nine"), "No report is of 'Wire Nine'"),
        (lambda one: comparing.of_publishers(one, "Wire One", "Wire One"), "choose two publishers"),
        (lambda one: comparing.of_parts(one, [], [one.documents[0].id]), "choose at least one"),
        (lambda one: comparing.of_parts(one, [one.documents[0].id], [one.documents[0].id]), "the same reports"),
    ],
)
def test_sides_that_cannot_be_compared_are_said_in_a_sentence(ask: Any, words: str, corpus: situation.Situation) -> None:
    with pytest.raises(InputError, match=words):
        ask(corpus)


def test_two_sets_of_one_title_are_told_apart(corpus: situation.Situation) -> None:
    first, second = (document.id for document in corpus.documents[:2])
    before, after = comparing.of_parts(corpus, [first], [second], titles=("Same", "Same"))
    assert before.title != after.title


def test_the_list_has_every_change_once_with_its_sentences(found: Changes) -> None:
    rows = comparing.differences(found)
    assert len(rows) == len(found.areas) + len(found.claims)
    assert len({row.id for row in rows}) == len(rows)
    assert all(row.before_quotes or row.after_quotes for row in rows)
    assert sum(row.km2 or 0 for row in rows) == pytest.approx(found.areas.km2.sum())
    taken = next(row for row in rows if row.change == "changed hands")
    assert taken.largest == ("Arīḩā",)
    assert taken.before_quotes == (("Rebels hold Saraqib and Ariha.", "Wire One", "2020-01-10"),)
    assert taken.after_quotes[0][0] == "Syrian government forces captured Ariha on Tuesday."


@given(st.floats(-170, 170), st.floats(-80, 80), st.floats(0, 5), st.floats(0, 4))
def test_a_change_lies_within_its_own_extent(west: float, south: float, across: float, up: float) -> None:
    bounds = (west, south, west + across, south + up)
    wider = round_about(bounds)
    assert wider[0] <= bounds[0]
    assert wider[1] <= bounds[1]
    assert wider[2] >= bounds[2]
    assert wider[3] >= bounds[3]
    assert wider[2] > wider[0]
    assert wider[3] > wider[1]


def test_the_maps_of_a_comparison_have_one_extent_and_the_sides_one_frame(found: Changes, monkeypatch: pytest.MonkeyPatch) -> None:
    from geo import compared_maps

    plates = []
    real = compared_maps.picture_of
    monkeypatch.setattr(compared_maps, "picture_of", lambda plate, **options: (plates.append(plate), real(plate, wide=400))[1])
    steps: list[tuple[int, int]] = []
    made = maps(found, extent(found), tell=lambda done, total: steps.append((done, total)))
    before, after, changed = plates
    assert before.frame == after.frame
    assert before.bounds == after.bounds
    assert before.bounds != changed.bounds  # a wider page shows more round the same middle
    assert sum(before.bounds[0::2]) == pytest.approx(sum(changed.bounds[0::2]), abs=0.05)
    assert steps[-1] == (3, 3)
    for data in (made.before, made.after, made.changes):
        with Image.open(io.BytesIO(data)) as picture:
            assert min(picture.size) > 200
    assert "as of 15 January 2020" in made.alts[0]
    assert "as of 30 January 2020" in made.alts[1]


def test_only_what_changed_is_never_wider_than_the_whole(found: Changes) -> None:
    whole, near = extent(found), extent(found, whole=False)
    assert near[2] - near[0] <= whole[2] - whole[0] + 1e-9


def test_a_comparison_as_geojson_opens_again(found: Changes, tmp_path: Path) -> None:
    write_geojson(found, tmp_path / "out.geojson")
    made = json.loads((tmp_path / "out.geojson").read_text(encoding="utf-8"))
    assert len(made["features"]) == len(found.areas) + len(found.claims)
    assert made["title"] == "What changed from 2020-01-15 to 2020-01-30"
    areas = gpd.read_file(tmp_path / "out.geojson")
    assert areas[areas.table == "areas"].km2.sum() == pytest.approx(found.areas.km2.sum())


# --- the page


def compare_page(drawn, key, again=None, other=None):  # type: ignore[no-untyped-def]
    from geo.ui import compare

    if other is not None:
        compare.two(drawn, other, key=key, titles=("Mine", "Theirs"))
    else:
        compare.show(drawn, key=key, again=again)


def opened(**given: Any) -> Any:
    from streamlit.testing.v1 import AppTest

    app = AppTest.from_function(compare_page, default_timeout=60, kwargs={"again": None, "other": None, **given})
    app.run()
    assert not app.exception, app.exception
    return app


@pytest.fixture
def small_maps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Maps of a few pixels: what the page does with them is tested, not how they are drawn."""
    from geo.ui import compared

    dot = io.BytesIO()
    Image.new("RGB", (4, 4)).save(dot, "PNG")
    made = Maps(before=dot.getvalue(), after=dot.getvalue(), changes=dot.getvalue(), alts=("one", "two", "three"), bounds=(0, 0, 1, 1))
    monkeypatch.setattr(compared, "maps", lambda *given, **options: made)


def words(app: Any) -> str:
    return "\n".join(str(element.value) for kind in (app.markdown, app.caption, app.subheader, app.error, app.info) for element in kind)


@pytest.mark.filterwarnings("default")
@pytest.mark.usefixtures("small_maps")
def test_the_page_compares_two_days_and_then_two_sources(corpus: situation.Situation, again: comparing.Again) -> None:
    app = opened(drawn=corpus, key="one", again=again)
    assert "10 January 2020" in app.subheader[0].value
    assert len(app.get("image")) == 3
    assert "Clashes continued in Saraqib on Monday." in app.dataframe[0].value.to_csv()
    app.select_slider(key="compare_days").set_range(*(one.published for one in corpus.documents[:2])).run()
    assert "29 January 2020" in app.subheader[0].value
    assert "Syrian government forces captured Ariha on Tuesday." in app.dataframe[0].value.to_csv()
    app.segmented_control(key="compare_kind").set_value("publishers").run()
    assert not app.exception
    assert "Wire One and Wire Two say differently" in app.subheader[0].value
    app.selectbox(key="compare_source_2").select("Wire One").run()
    assert "Choose two different sources." in words(app)
    assert not app.subheader


@pytest.mark.filterwarnings("default")
@pytest.mark.usefixtures("small_maps")
def test_the_page_compares_sets_of_reports_with_hostile_titles_as_written(corpus: situation.Situation) -> None:
    app = opened(drawn=corpus, key="two")
    app.segmented_control(key="compare_kind").set_value("reports").run()
    app.multiselect(key="compare_reports_1").set_value([corpus.documents[0].id])
    app.multiselect(key="compare_reports_2").set_value([corpus.documents[1].id]).run()
    assert not app.exception
    shown = words(app)
    assert "![x]" not in shown
    assert shown.count(r"\<b onclick") == shown.count("<b onclick") > 0


@pytest.mark.filterwarnings("default")
@pytest.mark.usefixtures("small_maps")
def test_the_page_compares_two_situations(corpus: situation.Situation) -> None:
    first, second = (comparing.part(corpus, [document.id], None) for document in corpus.documents[:2])
    app = opened(drawn=first, other=second, key="three")
    assert app.subheader
    assert app.dataframe


@pytest.mark.filterwarnings("default")
@pytest.mark.usefixtures("small_maps")
def test_what_cannot_be_compared_is_said_and_not_an_error(gazetteer: Any) -> None:
    one = situation.read([from_text("Rebels hold Saraqib.", published=dt.date(2020, 1, 10))], gazetteer=gazetteer)
    app = opened(drawn=one, key="four")
    assert "Add reports of another day or publisher" in words(app)


@pytest.mark.filterwarnings("default")
@pytest.mark.usefixtures("small_maps")
def test_a_hostile_situation_is_compared_as_written() -> None:
    hostile = hostile_report.situation()
    app = opened(drawn=hostile, other=hostile, key="five")
    assert "<script" not in words(app).replace(r"\<script", "")


@pytest.mark.filterwarnings("default")
@pytest.mark.usefixtures("small_maps")
def test_a_comparison_is_worked_out_once(corpus: situation.Situation, monkeypatch: pytest.MonkeyPatch) -> None:
    from geo.ui import compare

    done: list[int] = []
    real = compare.changes
    monkeypatch.setattr(compare, "changes", lambda *given: (done.append(1), real(*given))[1])
    app = opened(drawn=corpus, key="six")
    app.run()
    app.segmented_control(key="compare_extent").set_value("changed").run()
    assert done == [1]


def test_a_side_without_reports_can_be_compared(corpus: situation.Situation) -> None:
    side = of_situation(corpus)
    assert changes(side, side).areas.empty
