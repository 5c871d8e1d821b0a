"""The paint of shapes on slides: fills, patterns and lines in the XML of the format."""

from __future__ import annotations

from geo.plate.items import Fill, Stroke

__all__ = ["fill_xml", "line_xml", "preset_of"]

_EMU = 12700
_HEADS = (("sm", 2.0), ("med", 3.0), ("lg", 5.0))  # arrow heads, in widths of their line

# The nearest preset to each pattern of a plate; those of angle come by its sign. LibreOffice draws them all as lines, and of these
# five no two alike.
_PRESETS = {"hatch": ("wdUpDiag", "wdDnDiag"), "dashes": ("dashUpDiag", "dashDnDiag"), "cross": ("openDmnd", "openDmnd")}
_UPRIGHT = {"hatch": "vert", "dashes": "dashVert", "cross": "lgGrid"}
_LEVEL = {"hatch": "horz", "dashes": "dashHorz", "cross": "lgGrid"}
_DOTTED = {"dots": "dotDmnd", "stipple": "pct5"}


def fill_xml(fill: Fill | None) -> str:
    """Return the fill of a shape: none, a colour at its opacity, or a preset pattern on clear ground."""
    if fill is None:
        return "<a:noFill/>"
    preset = preset_of(fill)
    if preset:  # behind a pattern LibreOffice knows clear and opaque only, and opaque would hide the ground
        back = _colour(fill.colour, 0.0)
        return f'<a:pattFill prst="{preset}"><a:fgClr>{_colour(fill.colour, 1.0)}</a:fgClr><a:bgClr>{back}</a:bgClr></a:pattFill>'
    return f"<a:solidFill>{_colour(fill.colour, fill.opacity)}</a:solidFill>" if fill.opacity > 0 else "<a:noFill/>"


def preset_of(fill: Fill) -> str:
    """Return the name of the nearest preset pattern, or an empty string for a plain fill."""
    if fill.pattern in _DOTTED:
        return _DOTTED[fill.pattern]
    if fill.pattern not in _PRESETS:
        return ""
    angle = (fill.angle + 90) % 180 - 90  # clockwise from upright, -90 to 90
    if abs(angle) < 22.5:
        return _UPRIGHT[fill.pattern]
    if abs(angle) > 67.5:
        return _LEVEL[fill.pattern]
    return _PRESETS[fill.pattern][0 if angle > 0 else 1]


def line_xml(stroke: Stroke | None, *, scale: float = 1.0, head: float = 0.0) -> str:
    """Return the a:ln of a stroke on a slide that enlarges the plate by `scale`, with an arrow's head of a length in points at its end."""
    if stroke is None or stroke.width <= 0 or stroke.opacity <= 0:
        return "<a:ln><a:noFill/></a:ln>"
    wide = min(20116800, max(1, round(stroke.width * scale * _EMU)))
    dash, cap = "", "rnd"
    if stroke.dash:
        lengths = [max(1, round(length / stroke.width * 100_000)) for length in stroke.dash * (1 + len(stroke.dash) % 2)]
        pairs = "".join(f'<a:ds d="{on}" sp="{off}"/>' for on, off in zip(lengths[::2], lengths[1::2], strict=True))
        dash, cap = f"<a:custDash>{pairs}</a:custDash>", "flat"
    end = ""
    if head > 0:
        size = min(_HEADS, key=lambda known: abs(known[1] - head / stroke.width))[0]
        end, cap = f'<a:tailEnd type="triangle" w="{size}" len="{size}"/>', "flat"
    return f'<a:ln w="{wide}" cap="{cap}"><a:solidFill>{_colour(stroke.colour, stroke.opacity)}</a:solidFill>{dash}<a:round/>{end}</a:ln>'


def _colour(colour: str, opacity: float) -> str:
    if opacity >= 1:
        return f'<a:srgbClr val="{colour[1:7]}"/>'
    return f'<a:srgbClr val="{colour[1:7]}"><a:alpha val="{round(max(0.0, opacity) * 100_000)}"/></a:srgbClr>'
