"""The part of VKScript that `execute` takes here: calls of methods and their answers as an array, and no more.

    return [API.messages.addChatUser({"chat_id": 1, "user_id": 7}), API.users.get({})];

Of what the real one takes besides (variables, conditions, answers as arguments) our adapter sends nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

MOST_CALLS = 25

_WHOLE = re.compile(r"\s*return\s*\[(.*)\]\s*;?\s*", re.DOTALL)
_METHOD = re.compile(r"\s*API\.([A-Za-z]+\.[A-Za-z]+)\(\s*")
_END = re.compile(r"\s*\)\s*(,|$)\s*")

ScriptCall = tuple[str, Mapping[str, Any]]
"""A method, and its parameters."""


class NotCompiled(ValueError):  # noqa: N818 - what the platform says
    """It is not of the part that is taken here."""


class TooManyCalls(ValueError):  # noqa: N818 - what the platform says
    """More than 25: the platform breaks off while it runs."""


def calls_of(code: str) -> list[ScriptCall]:
    """The calls of a script, in their order. Raises NotCompiled, TooManyCalls."""
    whole = _WHOLE.fullmatch(code)
    if whole is None:
        raise NotCompiled("return [API.method({...}), ...]; is all that is taken")
    calls = list(_calls(whole[1]))
    if len(calls) > MOST_CALLS:
        raise TooManyCalls(f"more than {MOST_CALLS} calls")
    return calls


def _calls(text: str) -> Iterator[ScriptCall]:
    at, comma = 0, True
    while at < len(text.rstrip()):
        method = _METHOD.match(text, at)
        if method is None or not comma:
            raise NotCompiled(f"unexpected at {at}")
        params, after = _object(text, method.end())
        end = _END.match(text, after)
        if end is None:
            raise NotCompiled(f"unexpected at {after}")
        yield method[1], params
        at, comma = end.end(), end[1] == ","


def _object(text: str, at: int) -> tuple[Mapping[str, Any], int]:
    if text.startswith(")", at):
        return {}, at
    try:
        params, after = json.JSONDecoder().raw_decode(text, at)
    except ValueError as wrong:
        raise NotCompiled(f"unexpected at {at}") from wrong
    if not isinstance(params, dict):
        raise NotCompiled("parameters are an object")
    return params, after
