"""JSON from outside, read as far as it can be of use."""

from __future__ import annotations

import json
import math
import time

import pytest

from adapters.wire.narrowed import DEEPEST, LONGEST_INT, read_json


def nested(depth: int, mark: str = "[]") -> str:
    return mark[0] * depth + mark[1] * depth


@pytest.mark.parametrize("value", [{}, [], "я", 'a "quoted" [text]', -(2**63), 1.5, None, {"a": [{"b": [[]]}]}])
def test_ordinary_json_is_read_as_it_is(value: object) -> None:
    assert read_json(json.dumps(value)) == value


@pytest.mark.parametrize("depth", [5_000, 100_000])
def test_what_lies_too_deep_is_null_and_the_rest_is_read(depth: int) -> None:
    text = f'{{"updates": [1, {nested(depth)}, {{"text": "]]}} \\" ["}}], "marker": 7}}'
    read = read_json(text)
    innermost = read["updates"].pop(1)
    for _ in range(DEEPEST - 3):
        [innermost] = innermost
    assert innermost == [None]
    assert read == {"updates": [1, {"text": ']]} " ['}], "marker": 7}


def test_an_endless_number_is_a_float_and_no_number_is_null() -> None:
    assert read_json("9" * LONGEST_INT) == int("9" * LONGEST_INT)
    assert read_json(f'[{"9" * 900_000}, NaN, -Infinity, "\\ud800"]') == [math.inf, None, None, "\ud800"]


@pytest.mark.parametrize(
    "text", ["", "{", "[" * 100_000, nested(100_000) + "x", '{"a": "' + '\\"' * 200_000 + "[" * 2000]
)
def test_what_is_no_json_is_told_soon(text: str) -> None:
    began = time.monotonic()
    with pytest.raises(ValueError, match="line 1"):
        read_json("[" * 2000 + text)
    assert time.monotonic() - began < 10
