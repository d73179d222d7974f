"""UTF-16 without a byte order mark."""

from __future__ import annotations

import unicodedata

_NOT_IN_TABLES = {"Cn", "Co", "Cs"}
_LINE_CONTROLS = "\t\n\r\f"


def find_utf16(head: bytes) -> str | None:
    """Which byte order makes lines of assigned characters of the first bytes of a file; None where neither does.

    Bytes of another kind make some unassigned character, or no line break.
    """
    scores = {name: _structure(head[: len(head) // 2 * 2], name) for name in ("utf-16-le", "utf-16-be")}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] > 0 else None


def _structure(head: bytes, encoding: str) -> int:
    """How many characters give a table its structure; 0 when the bytes are no text in that encoding."""
    try:
        text = head.decode(encoding)
    except UnicodeDecodeError as error:
        if error.end < len(head) - 1:  # not only the last character, which may be cut in half
            return 0
        text = head[: error.start].decode(encoding)
    if any(unicodedata.category(c) in _NOT_IN_TABLES for c in set(text)):
        return 0
    controls = sum(c < " " and c not in _LINE_CONTROLS for c in text)
    if controls * 100 > len(text) or not ("\n" in text or "\r" in text):
        return 0
    return sum(c in "\t\n\r,; " or c.isdigit() for c in text)
