"""One room as settling sees it: its places, folded to what is asked of each account. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from sync.places import ADMIN, GONE, IN, MEMBER, NEEDS_PERSON, OPEN, OUT, UNKNOWN

# The grades in which a room falls due; dispatch goes by grade first.
LEAVERS, CHANGES, REMOVALS, LISTING = 1, 2, 3, 4

RANK = {OUT: 0, MEMBER: 1, ADMIN: 2}


BEFORE_ALL = datetime.min.replace(tzinfo=UTC)

ITSELF = ""  # among the accounts to be read back: the room itself, its title and our rights in it


class RoomPlace(NamedTuple):
    """A place as settling sees it; only those with an account."""

    person_id: str
    account: str
    wanted: str
    observed: str
    leaving: bool = False
    held: bool = False
    refused_for: str | None = None
    reasons: tuple[str, ...] = ()
    cause_no: int = 0


@dataclass(frozen=True, slots=True)
class RoomWork:
    """A leased room with the places that differ, or may, and all others of the same accounts.

    `invite_link`: by which somebody comes in by themselves; empty: the chat has none; None: nobody has asked.
    `read_backs`: accounts to be read back now, each with the person it was of and why (`left`: a webhook said that
    the person left); an answer settles those asked for up to `loaded_at`, when the store read the room.
    """

    room_no: int
    organisation_id: str
    chat_id: str
    life: int
    nonce: str
    wanted_title: str
    observed_title: str | None
    wanted_life: str
    observed_life: str
    external_chat_id: str | None
    platform_token: str
    lease_no: int
    grade: int
    attempts: int
    places: tuple[RoomPlace, ...]
    read_backs: Mapping[str, tuple[str, str]]
    in_flight: Call | None = None
    to_list: bool = False  # it was changed and never looked at as a whole since
    loaded_at: datetime = BEFORE_ALL
    invite_link: str | None = None

    @property
    def chat(self) -> str:
        """The chat's id on the platform; empty where it has none."""
        return self.external_chat_id or ""

    @property
    def on_platform(self) -> bool:
        return self.external_chat_id is not None and self.observed_life not in {GONE, NEEDS_PERSON}

    @property
    def is_open(self) -> bool:
        return self.external_chat_id is not None and self.observed_life == OPEN


class Call(NamedTuple):
    """A write that may be on its way: its act's word, and the accounts it speaks of, each with a person it was for."""

    act: str
    persons: Mapping[str, str]


class Folded(NamedTuple):
    """All places of one account in a room as one: the highest wanted, any observed."""

    account: str
    wanted: str
    observed: str
    leaving: bool
    refused: bool

    @property
    def to_remove(self) -> bool:
        return self.wanted == OUT and self.observed in IN and not self.refused


def fold(places: Iterable[RoomPlace]) -> list[Folded]:
    """The platform knows accounts, not persons: what is asked for each account, sorted by account."""
    grouped: dict[str, list[RoomPlace]] = {}
    for place in places:
        grouped.setdefault(place.account, []).append(place)
    return [_folded(account, grouped[account]) for account in sorted(grouped)]


def _folded(account: str, places: Sequence[RoomPlace]) -> Folded:
    if len(places) == 1:  # nearly always
        [one] = places
        wanted = one.observed if one.held and one.wanted == OUT else one.wanted
        leaving, refused = one.leaving and one.wanted == OUT, one.refused_for == wanted == one.wanted
        return Folded(account, wanted, one.observed, leaving, refused)
    observed = any_observed(places)
    wanted = max((place.wanted for place in places), key=RANK.__getitem__)
    if wanted == OUT and any(place.held for place in places):
        wanted = observed  # a held removal is skipped
    asked = [place for place in places if place.wanted == wanted]
    return Folded(
        account,
        wanted,
        observed,
        leaving=any(place.leaving for place in places if place.wanted == OUT),
        refused=bool(asked) and all(place.refused_for == wanted for place in asked),
    )


def any_observed(places: Iterable[RoomPlace]) -> str:
    observed = {place.observed for place in places}
    for word in (UNKNOWN, ADMIN, MEMBER):
        if word in observed:
            return word
    return OUT
