"""What a comparison looks like on the page: its maps, the totals of each party, the exact list, and its files."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import streamlit as st

from geo.changes import CONTESTED, Changes
from geo.changes_drawn import title_of
from geo.choices import Choices
from geo.compared_maps import Maps, extent, maps, round_about
from geo.comparing import Difference, Quote
from geo.export.changes import WRITERS
from geo.holdings import Holdings
from geo.ui.taking import file_name, framed, once, take
from geo.ui.words import plain, say, told

__all__ = ["Compared", "result"]

EXTENT_WORDS = {"whole": "Both maps whole", "changed": "Only what changed"}
SHOWN_AS_WORDS = {"pictures": "Side by side", "page": "One map to click"}
FILE_WORDS = {".html": "Web page", ".csv": "Table (CSV)", ".geojson": "GeoJSON", ".gpkg": "GeoPackage", ".json": "JSON, everything"}
COLUMN_WORDS = {
    "change": "What happened", "place": "Where", "before": "Before", "after": "After", "km2": "km2", "road_km": "Roads, km",
    "settlements": "Settlements", "said_before": "Sentences before", "said_after": "Sentences after",
}
TOTAL_WORDS = {
    "actor_name": "Party", "before_km2": "Before, km2", "after_km2": "After, km2", "gained_km2": "Gained, km2", "lost_km2": "Lost, km2",
}
STEP_OF_LIST = 12  # differences that are told in full at a time
PICTURE_WIDTHS = 2  # squares beside each other


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Compared:
    """A comparison with its name among all, and its list."""

    name: tuple[Hashable, ...]
    found: Changes
    rows: tuple[Difference, ...]


def result(shown: Compared, choices: Choices) -> None:
    """Show a comparison."""
    found = shown.found
    st.subheader(plain(_title(found)), anchor=False)
    _counts(found)
    for note in found.notes:
        st.caption(plain(told(note)))
    pictures, table = st.container(key="compare_maps"), st.container(key="compare_list")
    with table:
        picked = _table(shown)
        _files(shown)
        _totals(found)
        _told(shown, picked)
    with pictures:
        _maps(shown, choices, picked)


def _title(found: Changes) -> str:
    before, after = found.before, found.after
    if found.of_sources:
        return say("What {first} and {second} say differently", first=before.title, second=after.title)
    if before.day and after.day:
        return say("What changed from {first} to {second}", first=before.day, second=after.day)
    return say("What changed from {first} to {second}", first=before.title, second=after.title)


def _counts(found: Changes) -> None:
    if not len(found.areas) and not len(found.claims):
        st.info(say("Nothing that the reports say of the ground or of places is different."))
        return
    ground = say("{count} piece of ground | {count} pieces of ground", count=len(found.areas))
    places = say("{count} place told of otherwise | {count} places told of otherwise", count=len(found.claims))
    km2 = say("{km2} km2 in all", km2=_rounded(float(found.areas.km2.sum())))
    st.caption(plain(f"{ground} ({km2}) · {places}" if len(found.areas) else places))


def _maps(shown: Compared, choices: Choices, picked: Difference | None) -> None:
    """Both sides and what changed, of one extent; or the change as a page to click."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        shown_as = st.segmented_control(
            say("Show"), list(SHOWN_AS_WORDS), key="compare_as", default="pictures", required=True, persist_state="session",
            format_func=lambda one: say(SHOWN_AS_WORDS[one]),
        )
        where = st.segmented_control(
            say("Extent"), list(EXTENT_WORDS), key="compare_extent", default="whole", required=True, persist_state="session",
            format_func=lambda one: say(EXTENT_WORDS[one]), disabled=shown_as == "page",
        )
    if shown_as == "page":
        with st.spinner(say("Drawing the map")):
            page = once(("change page", *shown.name), lambda: _file(shown.found, ".html"))
        framed(page.decode("utf-8"), key="compare_page", name=str(hash(shown.name)))
        return
    drawn = _drawn(shown, choices, where or "whole", picked)
    found = shown.found
    for column, side, picture, alt in zip(st.columns(PICTURE_WIDTHS), (found.before, found.after), (drawn.before, drawn.after),
                                          drawn.alts, strict=False):
        with column:
            st.markdown(f"**{plain(_side_words(side))}**")
            if picture:
                st.image(picture, width="stretch", alt=alt, output_format="PNG")
            else:
                st.caption(say("This side is a map without reports; see what changed below."))
    st.markdown(f"**{plain(say('What is different'))}**")
    st.image(drawn.changes, width="stretch", alt=drawn.alts[2], output_format="PNG")


def _drawn(shown: Compared, choices: Choices, where: str, picked: Difference | None) -> Maps:
    """The three pictures, drawn once for an extent and a look."""
    near = picked.bounds if picked is not None else None
    name = ("change maps", *shown.name, where, near, choices.preset, choices.names)

    def draw() -> Maps:
        place = st.empty()
        bar = place.progress(0.0, text=say("Drawing the maps"))

        def tell(done: int, total: int) -> None:
            bar.progress((done + 0.5) / (total + 0.5), text=say("Drawing the maps"))

        try:
            bounds = round_about(near) if near is not None else extent(shown.found, whole=where == "whole")
            return maps(shown.found, bounds, Choices(preset=choices.preset, names=choices.names), tell=tell)
        finally:
            place.empty()

    return once(name, draw, size=lambda made: len(made.before) + len(made.after) + len(made.changes))


def _side_words(side: Holdings) -> str:
    day = say("as of {day}", day=side.day) if side.day is not None else ""
    title = "" if side.title.startswith("as of ") else side.title
    words = ", ".join(filter(None, (title, day))) or side.publisher
    return words[:1].upper() + words[1:]


def _table(shown: Compared) -> Difference | None:
    """The list as a table that can be sorted; the line that is chosen, if any."""
    if not shown.rows:
        return None
    st.caption(say("Click the head of a column to sort. Choose a line to see it alone, on the maps too."))
    cells = [_cells(row, shown.found) for row in shown.rows]
    chosen: Any = st.dataframe(
        cells, hide_index=True, width="stretch", key=f"compare_table_{hash(shown.name) & 0xFFFFFF:06x}", on_select="rerun",
        selection_mode="single-row", height=min(38 + 35 * len(cells), 420),
        column_config={
            **{name: say(words) for name, words in COLUMN_WORDS.items()},
            **{name: st.column_config.NumberColumn(say(COLUMN_WORDS[name]), format="localized", step=step)
               for name, step in (("km2", 0.1), ("road_km", 1), ("settlements", 1))},
        },
    )
    rows = chosen.selection.rows
    return shown.rows[rows[0]] if rows and rows[0] < len(shown.rows) else None


def _cells(row: Difference, found: Changes) -> dict[str, Any]:
    return {
        "change": _change_words(row, found), "place": _where(row), "before": _state(row.before), "after": _state(row.after),
        "km2": None if row.km2 is None else round(row.km2, 1),
        "road_km": None if row.road_km is None else round(row.road_km), "settlements": row.settlements,
        "said_before": _joined(row.before_quotes), "said_after": _joined(row.after_quotes),
    }


def _joined(quotes: Sequence[Quote]) -> str:
    return " | ".join(quote for quote, _, _ in quotes)


def _change_words(row: Difference, found: Changes) -> str:
    words = say(found.phrase(row.change), first=found.before.title, second=found.after.title)
    return words[:1].upper() + words[1:]


def _told(shown: Compared, picked: Difference | None) -> None:
    """The list in full: each difference with who says so, in which sentence."""
    rows = (picked,) if picked is not None else shown.rows
    limit = st.session_state.get("_compare_told", STEP_OF_LIST)
    for row in rows[:limit]:
        with st.container(border=True):
            _one(row, shown.found)
    if len(rows) > limit:
        st.button(
            say("Show {count} more", count=min(STEP_OF_LIST * 2, len(rows) - limit)), key="compare_more",
            on_click=lambda: st.session_state.update(_compare_told=limit + STEP_OF_LIST * 2),
        )


def _one(row: Difference, found: Changes) -> None:
    states = say("{before}, then {after}", before=_state(row.before), after=_state(row.after))
    if found.of_sources:
        both = ((found.before, row.before), (found.after, row.after))
        states = " · ".join(_apart(f"{side.title}: {_state(state)}") for side, state in both)
    st.markdown(f"**{plain(_change_words(row, found))}** · {plain(_where(row))}  \n{plain(states)}")
    if row.km2 is not None:
        measured = (
            say("{km2} km2", km2=_rounded(row.km2)), say("{km} km of roads", km=round(row.road_km or 0)),
            say("{count} settlement | {count} settlements", count=row.settlements or 0),
        )
        st.caption(plain(" · ".join(measured)))
    titles = (found.before.title, found.after.title) if found.of_sources else (say("Before"), say("After"))
    said = [(label, quotes) for label, quotes in zip(titles, (row.before_quotes, row.after_quotes), strict=True) if quotes]
    for column, (label, quotes) in zip(st.columns(2) if len(said) > 1 else [st.container()], said, strict=False):
        with column:
            _quotes(label, quotes)


def _quotes(label: str, quotes: Sequence[Quote]) -> None:
    """Sentences of one side, each with who printed it and the day of the fact."""
    for quote, source, day in quotes:
        by = ", ".join(_apart(words) for words in (label, source if source != label else "", day) if words)
        st.markdown(f"{_apart(f'“{plain(quote)}”')}  \n:small[{plain(by)}]")


def _apart(words: str) -> str:
    """Words with a direction of their own, so that a sentence in English keeps its marks in a page that runs from right to left."""
    return f"\u2068{words}\u2069"


def _state(words: str) -> str:
    return say(words) if words == CONTESTED else told(words, named=True) or say("nobody")


def _where(row: Difference) -> str:
    """The place, or the largest settlements, or where its middle lies."""
    if row.place or row.largest:
        return row.place or ", ".join(row.largest)
    if row.bounds is None:
        return ""
    west, south, east, north = row.bounds
    return f"\u2066{(south + north) / 2:.2f}, {(west + east) / 2:.2f}\u2069"


def _totals(found: Changes) -> None:
    if not len(found.totals):
        return
    st.caption(say("Ground of each party on both sides"))
    totals = found.totals.to_dict("records")
    rows = [{name: row[name] if name == "actor_name" else round(row[name], 1) for name in TOTAL_WORDS} for row in totals]
    numbers = {
        name: st.column_config.NumberColumn(say(words), format="localized") for name, words in TOTAL_WORDS.items() if name != "actor_name"
    }
    st.dataframe(rows, hide_index=True, width="stretch", column_config={"actor_name": say(TOTAL_WORDS["actor_name"]), **numbers})


def _files(shown: Compared) -> None:
    st.caption(say("Take the comparison away"))
    title = title_of(shown.found)
    offered = [suffix for suffix in FILE_WORDS if suffix in WRITERS]
    for column, suffix in zip(st.columns(len(offered)), offered, strict=True):
        with column:
            take(
                say(FILE_WORDS[suffix]), ("change file", *shown.name, suffix), partial(_file, shown.found, suffix),
                file=file_name(title, suffix), key=f"compare_file{suffix}",
            )


def _file(found: Changes, suffix: str) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"changes{suffix}"
        WRITERS[suffix](found, path)
        return path.read_bytes()


def _rounded(km2: float) -> float | int:
    return round(km2, 1) if km2 < 100 else round(km2)
