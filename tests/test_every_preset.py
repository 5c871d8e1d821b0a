"""A briefing and the commissioned report through every preset: no control is made up, and nothing that should be drawn is lost."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from geo import documents, symbology
from geo import situation as reading
from geo.choices import Choices
from geo.export import export
from geo.plate.compose import plate_of, scene
from geo.plate.items import Area, Line, Sign

COMMISSIONED = sorted((Path(__file__).parents[1].parent / "shared" / "seeds").glob("*.txt"))
PRESETS = tuple(symbology.style()["presets"])
absent = pytest.mark.skipif(not COMMISSIONED, reason="the commissioned report is not beside this checkout")
REPORTS = ("idlib", pytest.param("commissioned", marks=[pytest.mark.bench, absent]))


@pytest.fixture(scope="module")
def commissioned(gazetteer: Any) -> Any:
    """The report that the project was commissioned with, which is not part of it."""
    if not COMMISSIONED:
        pytest.skip("the commissioned report is not beside this checkout")
    return reading.read([documents.load(COMMISSIONED[0])], gazetteer=gazetteer)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("report", REPORTS)
def test_every_feature_of_a_preset_is_drawn_or_named_in_the_small_print(report: str, preset: str, request: Any) -> None:
    shown = scene(request.getfixturevalue(report), Choices(preset=preset))
    plate = plate_of(shown)
    wanted = {f"{layer.key}:{row.id}" for layer in shown.layers for row in layer.frame.itertuples() if not row.quiet}
    told = {f"{mark.layer}:{row.id}" for mark in shown.marks for row in (mark.row, *mark.also)}
    told |= {f"{row.layer}:{row.id}" for mark in shown.marks for row in mark.also}
    beyond = {f"{row.layer}:{row.id}": str(row.label or row.title) for row in shown.outside}
    assert wanted <= told | set(beyond)
    drawn = {item.note for item in plate.items if isinstance(item, Area | Line | Sign) and item.note}
    assert {mark.key for mark in shown.marks} <= drawn <= set(plate.notes)
    words = " ".join(line for item in plate.items if item.role == "note" for line in getattr(item, "lines", ())).replace("\u00a0", " ")
    assert not beyond or "Beyond the frame:" in words
    named = [name for name in beyond.values() if name in words]
    more = re.search(r"Beyond the frame:.*? and (\d+) more", words)
    assert len(named) + (int(more[1]) if more else 0) >= len(set(beyond.values())) or "…" in words  # cut for want of room


@pytest.mark.bench
@absent
@pytest.mark.parametrize("preset", PRESETS)
def test_the_commissioned_report_gives_nobody_control_in_any_plate(preset: str, commissioned: Any) -> None:
    plate = plate_of(scene(commissioned, Choices(preset=preset)))
    held = [item for item in plate.items if isinstance(item, Area | Sign) and item.layer in ("control", "claimed")]
    assert not held
    assert not [key for key in plate.notes if key.startswith(("control:", "claimed:"))]
    legend = " ".join(line for item in plate.items if item.role == "legend" for line in getattr(item, "lines", ())).lower()
    assert "reported control" not in legend


@pytest.mark.bench
@absent
@pytest.mark.parametrize("suffix", [".html", ".png", ".pptx"])
@pytest.mark.parametrize("preset", PRESETS)
def test_the_commissioned_report_is_written_in_every_preset(preset: str, suffix: str, commissioned: Any, tmp_path: Path) -> None:
    assert export(commissioned, tmp_path / f"map{suffix}", Choices(preset=preset)).stat().st_size > 20_000


@pytest.mark.parametrize("suffix", [".html", ".png", ".pptx"])
def test_a_briefing_is_written_in_the_military_preset_for_one_side(suffix: str, idlib: Any, tmp_path: Path) -> None:
    assert export(idlib, tmp_path / f"map{suffix}", Choices(preset="military", own=("turkey",))).stat().st_size > 20_000
