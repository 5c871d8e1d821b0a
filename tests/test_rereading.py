"""Reading again after a correction: the same situation as a reading from the start, of which only what the correction touches is read."""

from __future__ import annotations

import datetime as dt
import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo import recognition, situation
from geo.decisions import ACTIONS, claim_name
from geo.documents import from_text
from geo.errors import SalientError
from geo.gazetteer import open_gazetteer
from geo.history import History
from geo.records import Decision, Document
from geo.rereading import Kept, missing, read_said, reread
from geo.situation import Situation

TRIPOLI_LB, TRIPOLI_LY = "geonames:266826", "geonames:2210247"
TEXTS = (
    "TRIPOLI (Reuters) - Fighters held the port of Tripoli on Monday. Shelling was heard near Mina through the night.",
    "The army said that its troops control Mansoura. Rebels captured Saraqib and the villages between Idlib and Aleppo.",
    "Turkish forces shelled Saraqib on 3 March. The city of Idlib is held by the opposition. A convoy reached Deir al-Nowhere.",
    "Talks were held in Geneva. Tripoli was quiet, and its airport was closed.",
)


@cache
def reports() -> tuple[Document, ...]:
    return tuple(from_text(text, title=f"Report {n}", published=dt.date(2020, 3, 2 + n)) for n, text in enumerate(TEXTS))


@cache
def kept() -> Kept:
    return Kept()


@cache
def plain() -> Situation:
    return reread(reports(), kept=kept(), gazetteer=open_gazetteer())


def alike(one: Situation, two: Situation) -> list[str]:
    """The names of the fields in which two situations differ."""
    different = []
    for field in fields(one):
        a, b = getattr(one, field.name), getattr(two, field.name)
        same = a.equals(b) if hasattr(a, "equals") else a == b
        different += [] if same else [field.name]
    return different


def outcome(read: Any, **arguments: Any) -> Situation | str:
    try:
        found: Situation = read(reports(), gazetteer=open_gazetteer(), **arguments)
    except SalientError as error:
        return f"{type(error).__name__}: {error}"
    return found


# ---------------------------------------------------------------- the law

_NAMES = st.sampled_from(["Tripoli", "TRIPOLI", "Saraqib", "Idlib", "Geneva", "Deir al-Nowhere", "Turkish", "Mansoura", "Nowhere at All"])
_VALUES = {
    "place": [TRIPOLI_LB, TRIPOLI_LY, "point:35.9,36.7;u=500"], "drop": [""], "kind": ["region", "populated"],
    "use": ["literal", "metonym"], "add": ["", TRIPOLI_LB, "point:34.5,36.1;u=500"], "reject": [""], "actor": ["russia", "The Band"],
    "target": ["ukraine", ""], "status": ["claimed", "denied"], "dates": ["2020-03-01", "2020-02-01/2020-03-03"],
    "where": ['Buffer("geonames:169389", 5)', "Drawn(((36.3, 35.5), (36.9, 35.5), (36.9, 36.1)))"],
}


@st.composite
def decisions(draw: Any) -> Decision:
    action = draw(st.sampled_from(ACTIONS))
    document = draw(st.sampled_from([*reports(), None]))
    of_claim = action in ("reject", "actor", "target", "status", "dates", "where")
    if of_claim and draw(st.booleans()):
        target, name, start = draw(st.sampled_from([claim_name(claim) for claim in plain().claims]))
    else:
        target, name, start = draw(_NAMES), document.id if document else "", -1
        start = max(document.text.find(target), 0) if document else -1
    scope = draw(st.sampled_from(["here", "document", "desk"]))
    return Decision(
        target=target, action=action, value=draw(st.sampled_from(_VALUES[action])), scope=scope, document=name, start=start,
        by=draw(st.sampled_from(["", "Ada"])),
    )


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(decisions(), min_size=1, max_size=4), st.sampled_from([None, dt.date(2020, 3, 3)]), st.booleans())
def test_reading_again_is_reading_from_the_start(made: list[Decision], as_of: dt.date | None, empty: bool) -> None:
    again = outcome(reread, kept=kept(), decisions=made, as_of=as_of, allow_empty=empty)
    anew = outcome(situation.read, decisions=made, as_of=as_of, allow_empty=empty)
    if isinstance(again, str) or isinstance(anew, str):
        assert again == anew
    else:
        assert alike(again, anew) == []


def test_the_order_of_corrections_and_taking_them_back_leave_no_trace() -> None:
    one = Decision(target="Tripoli", action="drop", scope="desk")
    two = Decision(target="Saraqib", action="use", value="metonym", scope="desk")
    for made in ((one,), (one, two), (two, one), (two,), ()):
        assert not alike(reread(reports(), kept=kept(), gazetteer=open_gazetteer(), decisions=made),
                         situation.read(reports(), gazetteer=open_gazetteer(), decisions=made))


@pytest.mark.parametrize("setting", [{"around_km": 4.0}, {"window": 1}])
def test_settings_count(setting: dict[str, object]) -> None:
    assert not alike(reread(reports(), kept=kept(), gazetteer=open_gazetteer(), settings=setting),
                     situation.read(reports(), gazetteer=open_gazetteer(), settings=setting))


# ---------------------------------------------------------------- what is read


def read_again(*made: Decision) -> set[str]:
    plain()
    found = missing(reports(), kept=kept_plain(), gazetteer=open_gazetteer(), decisions=made)
    return {document.text for document in found}


@cache
def kept_plain() -> Kept:
    fresh = Kept()
    reread(reports(), kept=fresh, gazetteer=open_gazetteer())
    return fresh


@pytest.mark.parametrize(
    ("made", "numbers"),
    [
        (Decision(target="Saraqib", action="drop", scope="desk"), {1, 2}),
        (Decision(target="Tripoli", action="place", value=TRIPOLI_LB, scope="desk"), {0, 3}),
        (Decision(target="Geneva", action="drop", scope="document", document="0" * 12), set()),
        (Decision(target="Nowhere at All", action="drop", scope="desk"), set()),
        (Decision(target="control: Mansoura", action="reject", scope="desk"), set()),
        (Decision(target="control: Mansoura", action="where", value='Named("geonames:169389")', scope="desk"), set()),
    ],
    ids=["two texts", "a dateline too", "another text", "no text", "a claim rejected", "a claim moved"],
)
def test_a_correction_reads_what_it_can_touch_and_nothing_else(made: Decision, numbers: set[int]) -> None:
    assert read_again(made) == {TEXTS[number] for number in numbers}


def test_nothing_is_recognised_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    kept_plain()
    asked: list[str] = []
    real = recognition.recognise

    def told(document: Document, **more: Any) -> Any:
        asked.append(document.id)
        return real(document, **more)

    monkeypatch.setattr(recognition, "recognise", told)
    found = reread(
        reports(), kept=kept_plain(), gazetteer=open_gazetteer(), decisions=[Decision(target="Tripoli", action="drop", scope="desk")]
    )
    assert not {m.text for m in found.mentions if m.text == "Tripoli"}
    assert asked == []


def test_a_correction_for_the_desk_counts_in_a_report_that_comes_later() -> None:
    made = [Decision(target="Tripoli", action="place", value=TRIPOLI_LB, scope="desk")]
    first = from_text("Fighters held the port of Tripoli on Monday. Shelling was heard near Mina.", title="One")
    second = from_text("Gunmen left Tripoli on Tuesday. They drove to the town of Al Hamidiyah, and shells fell there.", title="Two")
    shared = Kept()
    untold = reread([second], kept=shared, gazetteer=open_gazetteer())
    assert {place.feature.country for place in untold.places} == {"LY", "AE"}
    reread([first], kept=shared, gazetteer=open_gazetteer(), decisions=made)
    told = reread([second], kept=shared, gazetteer=open_gazetteer(), decisions=made)
    assert {mention.text: place.feature.country for place in told.places for mention in place.mentions} == {
        "Tripoli": "LB", "Al Hamidiyah": "SY",  # the name beside it is read anew: 30 km from there, across the border
    }


# ---------------------------------------------------------------- what is kept


def test_what_another_process_read_is_found() -> None:
    gazetteer, document, made = open_gazetteer(), reports()[0], (Decision(target="Mina", action="drop", scope="desk"),)
    said = pickle.loads(pickle.dumps(read_said(document, gazetteer=gazetteer, decisions=made)))
    shared = Kept()
    assert missing([document], kept=shared, gazetteer=gazetteer, decisions=made) == (document,)
    shared.put(said, gazetteer=gazetteer, decisions=made)
    assert missing([document], kept=shared, gazetteer=gazetteer, decisions=made) == ()
    assert missing([document], kept=shared, gazetteer=gazetteer) == (document,)  # without the correction it was never read
    assert not alike(reread([document], kept=shared, gazetteer=gazetteer, decisions=made),
                     situation.read([document], gazetteer=gazetteer, decisions=made))


def test_another_view_of_borders_is_another_reading() -> None:
    assert missing(reports(), kept=kept_plain(), gazetteer=open_gazetteer(view="de_facto")) == reports()


def test_what_is_kept_is_bounded_and_the_longest_unused_goes_first() -> None:
    gazetteer, small = open_gazetteer(), Kept(most=2 * sum(len(text) for text in TEXTS[:2]))
    for document in reports():
        reread([document], kept=small, gazetteer=gazetteer, allow_empty=True)
    assert small.characters <= 2 * sum(len(text) for text in TEXTS[:2])
    left = missing(reports(), kept=small, gazetteer=gazetteer)
    assert reports()[0] in left
    assert reports()[-1] not in left


def test_a_text_larger_than_the_bound_is_kept_until_the_next() -> None:
    tiny = Kept(most=1)
    reread(reports()[:1], kept=tiny, gazetteer=open_gazetteer())
    assert missing(reports()[:1], kept=tiny, gazetteer=open_gazetteer()) == ()


def test_many_threads_share_what_is_kept() -> None:
    shared, made = Kept(), [Decision(target="Saraqib", action="drop", scope="desk"), Decision(target="Idlib", action="drop", scope="desk")]

    def work(number: int) -> list[str]:
        chosen = made[number % 2 : number % 2 + 1]
        return alike(reread(reports(), kept=shared, gazetteer=open_gazetteer(), decisions=chosen), wanted[number % 2])

    wanted = [situation.read(reports(), gazetteer=open_gazetteer(), decisions=[one]) for one in made]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(8))) == [[]] * 8


# ---------------------------------------------------------------- history

_STEPS = st.lists(st.sampled_from(["add", "back", "forward"]), max_size=20)


@given(_STEPS)
def test_back_and_forward_undo_one_another(steps: list[str]) -> None:
    history = History(done=(Decision(target="first", action="drop"),))
    for number, step in enumerate(steps):
        history = history.added(Decision(target=str(number), action="drop")) if step == "add" else getattr(history, step)()
        assert history.decisions[0].target == "first"
        if history.steps:
            assert history.back().forward() == history
        if history.undone:
            assert history.forward().back() == history
        assert history.added(Decision(target="new", action="drop")).undone == ()


def test_a_step_of_several_decisions_is_taken_back_whole() -> None:
    one, two = (Decision(target=name, action="drop") for name in ("a", "b"))
    history = History().added(one, two)
    assert history.back().decisions == ()
    assert history.back().forward().decisions == (one, two)
    assert History().added() == History().back() == History().forward() == History()


# ---------------------------------------------------------------- progress


def test_the_share_of_a_document_that_is_done_only_grows_and_names_its_stages() -> None:
    told: list[tuple[float, str]] = []
    text = " ".join(f"Rebels took Saraqib on {day} May. The army shelled Idlib and Binnish." for day in range(1, 30))
    document = from_text(text, title="A long one")
    read_said(document, gazetteer=open_gazetteer(), progress=lambda share, doing: told.append((share, doing)))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] <= 1
    assert list(dict.fromkeys(doing for _, doing in told)) == ["names", "places", "areas", "claims"]
    assert sum(doing == "claims" for _, doing in told) > 50  # by sentence, not by stage alone


@pytest.mark.parametrize("stage", ["names", "areas", "claims"])
def test_whoever_hears_can_cancel_at_each_stage_and_nothing_is_left_behind(stage: str) -> None:
    class Cancelled(Exception):
        pass

    def cancel(share: float, doing: str) -> None:
        if doing == stage:
            raise Cancelled

    document = from_text(f"Gunmen left Tripoli. Shells fell on the road from Saraqib to Idlib. {stage}", title=stage)
    with pytest.raises(Cancelled):
        read_said(document, gazetteer=open_gazetteer(), progress=cancel)
    assert read_said(document, gazetteer=open_gazetteer()).reading == situation.read_document(document, gazetteer=open_gazetteer())
