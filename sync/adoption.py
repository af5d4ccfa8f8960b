"""Adopting a chat that a person made: the code that a person posts in it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from enum import Enum
from typing import NamedTuple

from sync.ids import AccountId

# No letter that is read as a digit: codes are copied from screen to screen, and spoken.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE = re.compile(rf"(?<![A-Z0-9])RC-([{LETTERS}]{{4}})-([{LETTERS}]{{4}})(?![A-Z0-9])")

LASTS = timedelta(hours=24)


class Claim(NamedTuple):
    """Who posted a code in which chat. `code` is the code's digest; `attempts` counts the tries so far."""

    code: str
    token: str
    chat: str
    account: AccountId
    attempts: int = 0


class Verdict(Enum):
    """What becomes of a claim."""

    ADOPTED = "adopted"
    NOT_AN_ADMIN = "not_an_admin"  # who posted the code does not administrate the chat
    USED = "used"  # one code, one use
    CHAT_TAKEN = "chat_taken"  # it is another chat's room already
    ROOM_TAKEN = "room_taken"  # the room has its chat, or nobody is to be in it any more
    CHAT_GONE = "chat_gone"
    LATER = "later"  # a call about the room is on its way


def new_code(choose: Callable[[Sequence[str]], str]) -> str:
    """A code of 40 bits, as a person posts it: `RC-7KQM-2XVD`."""
    letters = "".join(choose(LETTERS) for _ in range(8))
    return f"RC-{letters[:4]}-{letters[4:]}"


def codes_in(text: str) -> frozenset[str]:
    """The codes in what somebody posted, however it was typed."""
    return frozenset(match[0] for match in CODE.finditer(text.upper()))
