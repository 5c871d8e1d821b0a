"""The drawer, run without a browser: a correction moves the map, the card says so, undo restores; the desk's counts for the next report."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import pytest

from geo import decision_files, situation
from geo.documents import from_text
from geo.gazetteer import open_gazetteer
from geo.records import Decision, Document
from geo.situation import Situation
from geo.ui.told import Told
from tests.hostile import HOSTILE, visible

FIRST = (
    "Fighters held the port of Tripoli on Monday. Hezbollah took control of Zliten on Tuesday, the army said. Turkish troops control a "
    "strip 10 km deep along the border between Syria and Turkey. Nobody knew where Xanqarbeh lies, and the army left Tripoli."
)
SECOND = "Shells fell on Tripoli on Wednesday."
LEBANESE, LIBYAN = "geonames:266826", "geonames:2210247"

pytestmark = pytest.mark.filterwarnings("default")


def report(text: str) -> Document:
    return from_text(text, title=text[:30], source="Reuters", published=dt.date(2014, 10, 27))


@lru_cache(maxsize=64)
def read(texts: tuple[str, ...], decisions: tuple[Decision, ...]) -> Situation:
    return situation.read([report(text) for text in texts], gazetteer=open_gazetteer(), decisions=decisions)


def page() -> None:
    """What stands in for the app: the drawer and the list, on a situation that is read anew with the decisions of the desk."""
    import streamlit as st

    from geo.ui import correct, state
    from tests.test_correct import read

    here = state.desk()
    state.drawn_anew(read(st.session_state["texts"], here.history.decisions), str(hash(here.history)))
    if told := st.session_state.pop("tell", None):
        correct.hear(told)
    assert here.drawn is not None
    correct.drawer(here.drawn)
    correct.decisions_list(here.drawn)


@pytest.fixture
def app() -> Iterator[Any]:
    """The stand-in page on the first report, nothing picked."""
    from streamlit.testing.v1 import AppTest

    made = AppTest.from_function(page, default_timeout=60)
    made.session_state["texts"] = (FIRST,)
    yield made.run()
    assert not made.exception, [one.message for one in made.exception]


@pytest.fixture
def tell(app: Any) -> Callable[[Told], Any]:
    """What the frame would tell."""

    def told(one: Told) -> Any:
        app.session_state["tell"] = one
        return app.run()

    return told


def mention(words: str, text: str = FIRST, *, nth: int = 0, kind: Any = "mention") -> Told:
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Told(kind=kind, document=report(text).id, start=start, end=start + len(words), text=words)


def drawn(app: Any) -> Situation:
    found: Situation = app.session_state["_desk"].drawn
    return found


def means(app: Any, words: str) -> list[str]:
    """What each mention of some words means, in the order of the texts."""
    spots = [(m.document_id, m.start, place.feature.id) for place in drawn(app).places for m in place.mentions if m.text == words]
    return [feature for _, _, feature in sorted(spots, key=lambda spot: ([d.id for d in drawn(app).documents].index(spot[0]), spot[1]))]


def shown(app: Any) -> str:
    kinds = (app.markdown, app.caption, app.info, app.warning, app.error)
    return "\n".join(str(one.value) for kind in kinds for one in kind)


def keys(app: Any) -> set[str]:
    return {str(one.key) for kind in (app.button, app.radio, app.selectbox, app.text_input) for one in kind}


# ---------------------------------------------------------------- a name


def test_nothing_picked_is_no_drawer_and_no_card(app: Any) -> None:
    assert not {"correct_close", "correct_choose", "change_keep"} & keys(app)


def test_a_correction_moves_the_mark_the_card_says_so_and_undo_restores(app: Any, tell: Any) -> None:
    tell(mention("Tripoli"))
    assert "Read as **Tripoli, Libya**" in shown(app)
    before = means(app, "Tripoli")
    assert before == [LIBYAN, LIBYAN]
    app.radio(key="correct_scope").set_value("here")
    app.radio(key="correct_rival").set_value(LEBANESE).run()
    app.button(key="correct_choose").click().run()
    assert means(app, "Tripoli") == [LEBANESE, LIBYAN]
    assert "1 mark moved" in shown(app)
    assert "correct_choose" not in keys(app)
    app.button(key="change_undo").click().run()
    assert means(app, "Tripoli") == before
    app.button(key="change_redo").click().run()
    assert means(app, "Tripoli") == [LEBANESE, LIBYAN]
    app.button(key="change_keep").click().run()
    assert "change_keep" not in keys(app)
    assert means(app, "Tripoli") == [LEBANESE, LIBYAN]


@pytest.mark.parametrize(("scope", "moved"), [("here", [1, 0, 0]), ("document", [1, 1, 0]), ("desk", [1, 1, 1])])
def test_a_correction_reaches_as_far_as_was_chosen(app: Any, tell: Any, scope: str, moved: list[int]) -> None:
    app.session_state["texts"] = (FIRST, SECOND)
    tell(mention("Tripoli"))
    app.radio(key="correct_rival").set_value(LEBANESE)
    app.radio(key="correct_scope").set_value(scope)
    app.button(key="correct_choose").click().run()
    assert [int(one == LEBANESE) for one in means(app, "Tripoli")] == moved


def test_a_correction_for_the_desk_holds_for_a_report_that_comes_later(app: Any, tell: Any) -> None:
    tell(mention("Tripoli"))
    app.radio(key="correct_rival").set_value(LEBANESE)
    app.radio(key="correct_scope").set_value("desk")
    app.button(key="correct_choose").click().run()
    app.session_state["texts"] = (SECOND,)
    app.run()
    assert means(app, "Tripoli") == [LEBANESE]


def test_a_name_can_be_no_place(app: Any, tell: Any) -> None:
    tell(mention("Zliten"))
    app.button(key="correct_drop").click().run()
    assert means(app, "Zliten") == []
    tell(mention("Zliten"))
    assert "These words are read as no name" in shown(app)


def test_a_place_that_is_looked_for_is_chosen_at_once(app: Any, tell: Any) -> None:
    tell(mention("Tripoli"))
    app.text_input(key="correct_search").set_value("Khan Sheikhoun").run()
    assert app.session_state["correct_rival"].startswith("geonames:")
    app.button(key="correct_choose").click().run()
    assert drawn(app).gazetteer.get(means(app, "Tripoli")[0]).name == "Khān Shaykhūn"


def test_a_spot_on_the_map_becomes_the_place(app: Any, tell: Any) -> None:
    tell(mention("Tripoli"))
    app.button(key="correct_spot").click().run()
    assert app.session_state["_desk"].mode == "spot"
    tell(Told(kind="spot", lat=34.43, lon=35.84))
    assert app.session_state["_desk"].mode == ""
    assert app.session_state["_desk"].picked.text == "Tripoli"
    app.button(key="correct_choose").click().run()
    assert means(app, "Tripoli")[0].startswith("point:34.43,35.84;u=1000")


def test_words_that_were_missed_become_a_place(app: Any, tell: Any) -> None:
    tell(mention("Xanqarbeh", kind="missed"))
    assert "correct_drop" not in keys(app)
    app.text_input(key="correct_search").set_value("Aleppo").run()
    app.button(key="correct_choose").click().run()
    assert len(means(app, "Xanqarbeh")) == 1


def test_a_party_can_become_a_place(app: Any, tell: Any) -> None:
    tell(mention("Hezbollah"))
    assert "Read as a party" in shown(app)
    app.text_input(key="correct_search").set_value("Aleppo").run()
    app.button(key="correct_choose").click().run()
    assert len(means(app, "Hezbollah")) == 1


def test_the_mark_of_a_place_opens_its_first_mention(app: Any, tell: Any) -> None:
    tell(Told(kind="place", id=LIBYAN))
    assert "“Tripoli”" in shown(app)


@pytest.mark.parametrize(
    "told",
    [Told(kind="place", id="no such"), Told(kind="claim", id="no such")]
    + [Told(kind=kind, document="x", start=1, end=5, text="y") for kind in ("mention", "missed")],
    ids=["place", "claim", "mention", "missed"],
)
def test_what_is_there_no_more_is_told_and_can_be_closed(app: Any, tell: Any, told: Told) -> None:
    tell(told)
    assert len(app.warning) == 1
    app.button(key="correct_close").click().run()
    assert not app.warning


def test_what_was_chosen_for_one_name_is_not_kept_for_the_next(app: Any, tell: Any) -> None:
    tell(mention("Tripoli"))
    app.radio(key="correct_scope").set_value("desk")
    app.text_input(key="correct_search").set_value("Aleppo").run()
    tell(mention("Zliten"))
    assert app.radio(key="correct_scope").value == "document"
    assert app.text_input(key="correct_search").value == ""
    app.button(key="correct_choose").click().run()
    assert app.session_state["_desk"].history.decisions[-1].scope == "document"


def test_a_date_is_shown_as_one_and_applying_nothing_says_so(app: Any, tell: Any) -> None:
    tell(mention("on Monday"))
    assert "Read as a date" in shown(app)
    app.button(key="correct_choose").click().run()
    assert "Nothing is changed yet" in shown(app)
    assert app.session_state["_desk"].history.decisions == ()


def test_no_card_is_shown_while_the_correction_is_still_being_read(app: Any) -> None:
    app.session_state["_desk"].before = app.session_state["_desk"].drawn
    app.run()
    assert "change_keep" not in keys(app)


# ---------------------------------------------------------------- a claim


def claim_of(app: Any, predicate: str, place: str) -> Any:
    return next(c for c in drawn(app).claims if c.predicate == predicate and any(s.quote == place for s in c.evidence))


def test_a_claim_says_what_a_reader_says_instead(app: Any, tell: Any) -> None:
    claim = claim_of(app, "controls", "Zliten")
    tell(Told(kind="claim", id=claim.id))
    app.selectbox(key="correct_actor").set_value("turkey")
    app.selectbox(key="correct_status").set_value("denied")
    app.button(key="correct_choose").click().run()
    after = claim_of(app, "controls", "Zliten")
    assert (after.actor.id, after.status) == ("turkey", "denied")
    assert {one.action for one in app.session_state["_desk"].history.decisions} == {"actor", "status"}
    assert "1 claim changed" in shown(app)
    app.button(key="change_undo").click().run()
    assert claim_of(app, "controls", "Zliten") == claim


def test_a_claim_that_is_left_as_it_is_makes_no_decision(app: Any, tell: Any) -> None:
    tell(Told(kind="claim", id=claim_of(app, "controls", "Zliten").id))
    app.button(key="correct_choose").click().run()
    assert app.session_state["_desk"].history.decisions == ()
    assert "Nothing is changed yet" in shown(app)


def test_a_claim_can_be_rejected(app: Any, tell: Any) -> None:
    claim = claim_of(app, "controls", "Zliten")
    tell(Told(kind="claim", id=claim.id))
    app.button(key="correct_reject").click().run()
    assert claim.id not in {one.id for one in drawn(app).claims}
    assert "correct_close" not in keys(app)
    assert "change_undo" in keys(app)


def strip_of(app: Any) -> Any:
    from geo import where

    return next(c for c in drawn(app).claims if c.where is not None and where.text(c.where).startswith("Strip"))


def test_an_area_is_turned_by_its_recipe(app: Any, tell: Any) -> None:
    from geo import where

    tell(Told(kind="claim", id=strip_of(app).id))
    app.number_input(key="correct_knob_km").set_value(25.0).run()
    assert "It becomes" in shown(app)
    app.button(key="correct_choose").click().run()
    assert ", 25" in where.text(strip_of(app).where)


def test_an_area_is_drawn_by_hand(app: Any, tell: Any) -> None:
    from geo import where

    claim = strip_of(app)
    tell(Told(kind="claim", id=claim.id))
    app.button(key="correct_draw").click().run()
    assert app.session_state["_desk"].mode == "draw"
    tell(Told(kind="ring", ring=((36.0, 36.0), (37.0, 36.0), (37.0, 36.5))))
    assert "km²" in shown(app)
    app.button(key="correct_choose").click().run()
    after = next(c for c in drawn(app).claims if c.evidence[0] == claim.evidence[0] and c.predicate == claim.predicate)
    assert after.where is not None
    assert where.text(after.where).startswith("Drawn")


def test_a_line_that_crosses_itself_is_no_area(app: Any, tell: Any) -> None:
    tell(Told(kind="claim", id=strip_of(app).id))
    tell(Told(kind="ring", ring=((36.0, 36.0), (37.0, 37.0), (37.0, 36.0), (36.0, 37.0))))
    assert len(app.warning) == 1
    assert "correct_forget" in keys(app)
    app.button(key="correct_forget").click().run()
    assert not app.warning


# ---------------------------------------------------------------- the list


def test_each_correction_is_listed_in_words_and_can_be_removed(app: Any, tell: Any) -> None:
    tell(mention("Tripoli"))
    app.radio(key="correct_rival").set_value(LEBANESE)
    app.button(key="correct_choose").click().run()
    tell(mention("Zliten"))
    app.button(key="correct_drop").click().run()
    assert "“Tripoli” is Tripoli, Lebanon" in shown(app)
    assert "“Zliten” is not a place" in shown(app)
    app.button(key="decisions_remove_0").click().run()
    assert means(app, "Tripoli") == [LIBYAN, LIBYAN]
    assert means(app, "Zliten") == []


def letters(words: str) -> str:
    """What can be seen, without the marks that turn the direction of writing, which the interface takes out of names."""
    return "".join(letter for letter in visible(words) if unicodedata.category(letter) != "Cf")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_words_of_a_correction_are_shown_as_they_are(name: str) -> None:
    from geo.ui.decisions_tab import in_words
    from geo.ui.words import plain

    told = in_words(read((SECOND,), ()), Decision(target=name, action="reject"))
    assert letters(name) in letters(told)
    assert not MARKDOWN.search(plain(told))


HOSTILE_NAMES = ("</script><img src=x onerror=alert(2)>", "[a](javascript:alert(8))", "$\\href{x}{y}$ :red[z] `${alert(6)}`")
MARKDOWN = re.compile(r"(?<!\\)[<\[$`:]")


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_hostile_words_of_a_report_are_shown_as_they_are(app: Any, tell: Any, name: str) -> None:
    text = f"Fighters held {name} and Tripoli on Monday."
    app.session_state["texts"] = (text,)
    tell(mention(name, text, kind="missed"))
    own = [str(one.value) for one in app.markdown if visible(name)[:3].replace("\\", "") in str(one.value).replace("\\", "")]
    assert own
    for value in own:
        assert not MARKDOWN.search(value.removeprefix("> "))


def test_a_file_of_corrections_says_what_the_desk_says(app: Any, tell: Any) -> None:
    tell(mention("Tripoli"))
    app.radio(key="correct_rival").set_value(LEBANESE)
    app.text_input(key="correct_note").set_value("the dateline says so")
    app.button(key="correct_choose").click().run()
    made = app.session_state["_desk"].history.decisions
    assert decision_files.loads(decision_files.dumps(made)) == made
    assert made[0].note == "the dateline says so"
    assert dt.datetime.fromisoformat(made[0].made).tzinfo is not None


def bring(app: Any, text: bytes) -> Any:
    return app.file_uploader(key="decisions_bring").set_value(("theirs.yaml", text, "application/yaml")).run()


def test_a_file_of_corrections_is_brought_once_and_without_what_cannot_be_placed(app: Any) -> None:
    theirs = [
        Decision(target="Tripoli", action="place", value=LEBANESE, scope="desk"),
        Decision(target="Zliten", action="place", value="geonames:999999999999", scope="desk"),
    ]
    bring(app, decision_files.dumps(theirs).encode())
    assert means(app, "Tripoli") == [LEBANESE, LEBANESE]
    assert "1 correction was taken" in shown(app)
    assert "1 was left out" in shown(app)
    app.run()
    assert app.session_state["_desk"].history.decisions == (theirs[0],)


@pytest.mark.parametrize(
    "text", [b"decisions: [", b"\xff\xfe\x00", b"decisions:\n- target: x\n  action: explode\n"], ids=["yaml", "utf-8", "action"]
)
def test_a_file_that_holds_no_corrections_is_refused_in_a_sentence(app: Any, text: bytes) -> None:
    bring(app, text)
    assert len(app.error) == 1
    assert app.session_state["_desk"].history.decisions == ()
