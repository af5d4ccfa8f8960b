"""JSON from outside, however deep, long or odd: read as far as anything of it can be of use. Pure."""

from __future__ import annotations

import json
import re
from typing import Any

DEEPEST = 32  # the platform's own bodies are 8 deep; whatever lies deeper is read as null
LONGEST_INT = 19  # digits of an int64

_MARK = re.compile(r'"(?>[^"\\]+|\\.?)*+"?|[\[\]{}]', re.DOTALL)  # one pass, whatever it meets


def read_json(text: str) -> Any:
    """The value. A number that is no int64 is a float, and what JSON has no word for (NaN) is null.

    Raises ValueError: it is no JSON.
    """
    try:
        return _DECODER.decode(text)
    except RecursionError:
        return _DECODER.decode(_shallow(text))


LONGEST_TEXT = 4000  # characters: a message's, schema 0.0.33, read on 2026-11-22


def storable(text: str) -> str:
    """What databases can hold of a text, as long as a message may be."""
    return text[:LONGEST_TEXT].replace("\0", "").encode(errors="replace").decode()


def _shallow(text: str) -> str:
    """The text with null in place of each array and object that lies too deep."""
    kept, depth, begins = [], 0, 0
    for mark in _MARK.finditer(text):
        opens, closes = mark[0] in "[{", mark[0] in "]}"
        depth += opens
        if depth == DEEPEST + 1 and opens:
            kept += [text[begins : mark.start()], "null"]
        if depth == DEEPEST + 1 and closes:
            begins = mark.end()
        depth -= closes
    return "".join(kept) + (text[begins:] if depth <= DEEPEST else "")


def _int(digits: str) -> int | float:
    return int(digits) if len(digits.lstrip("-")) <= LONGEST_INT else float(digits)


_DECODER = json.JSONDecoder(parse_int=_int, parse_constant=lambda _: None)
