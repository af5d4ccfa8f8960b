"""The elements of a JSON array, one by one, each as it was sent: its size counts. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NoReturn

from schemas.messages import LARGEST_EVENT

WINDOWS = (4096, LARGEST_EVENT + 1)  # characters that are looked at for an element's end; nearly always the first do

_SPACE = re.compile(r"[ \t\n\r]*")
_SCALAR = re.compile(r"[^,\]\s]+")
_MARK = re.compile(r'"(?>[^"\\]+|\\.?)*+"?|[\[\]{}]', re.DOTALL)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


DECODER = json.JSONDecoder(parse_constant=_refuse_constant, parse_int=float)  # an int may have too many digits


def elements(text: str) -> Iterator[bytes]:
    """The elements of the array. Those no longer than an event may be are valid JSON.

    Raises:
        ValueError: the text is no array.
        RecursionError: nested too deeply to tell.
    """
    at = _past_space(text, 0)
    mark, at = text[at : at + 1], _past_space(text, at + 1)
    if mark != "[":
        raise ValueError("no array")
    if text[at : at + 1] == "]":
        mark, at = "]", at + 1
    while mark != "]":
        start, at = at, _end(text, at)
        yield text[start:at].encode()
        at = _past_space(text, at)
        mark, at = text[at : at + 1], _past_space(text, at + 1)
        if mark not in {",", "]"}:
            raise ValueError("no separator")
    if _past_space(text, at) != len(text):
        raise ValueError("more than an array")


def _end(text: str, at: int) -> int:
    """Where the element ends. Elements longer than an event may be are not parsed into objects, which could be much
    larger.
    """
    for size in WINDOWS:
        window = text[at : at + size]
        try:
            _, end = DECODER.raw_decode(window)
        except ValueError:
            continue
        if end < len(window) or at + end == len(text):  # otherwise it is a number that may continue
            return at + end
    end = _end_of_long(text, at)
    if end - at < WINDOWS[-1]:
        raise ValueError("no JSON")
    return end


def _end_of_long(text: str, at: int) -> int:
    scalar = _SCALAR.match(text, at) if text[at : at + 1] not in {'"', "[", "{"} else None
    if scalar is not None:
        return scalar.end()
    depth = 0
    for mark in _MARK.finditer(text, at):
        depth += (mark[0] in "[{") - (mark[0] in "]}")
        if depth <= 0:
            return mark.end()
    raise ValueError("no end")


def _past_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
