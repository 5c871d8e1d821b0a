"""Which characters XML can hold: the one answer for every file of XML that is written from report text."""

from __future__ import annotations

import re

__all__ = ["xml_text"]

_NEVER = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Return text without the characters that XML 1.0 has no way to write; all others stay as they are.

    Examples
    --------
    >>> xml_text("Id\\x0blib <b>")
    'Idlib <b>'
    """
    return _NEVER.sub("", text)
