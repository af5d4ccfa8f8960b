"""One room as settling sees it: its places, folded to what is asked of each account. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from sync.ids import NO_EVENT, NO_PERSON, AccountId, ChatId, EventNo, OrganisationId, PersonId, RoomNo
from sync.places import ADMIN, GONE, IN, MEMBER, NEEDS_PERSON, OPEN, OUT, UNKNOWN
from sync.successor import Successor

# The grades in which a room falls due; dispatch goes by grade first.
LEAVERS, CHANGES, REMOVALS, LAST = 1, 2, 3, 4

RANK = {OUT: 0, MEMBER: 1, ADMIN: 2}


BEFORE_ALL = datetime.min.replace(tzinfo=UTC)

AGAIN = "again"  # why an account is read back: its refused removal is tried again

ITSELF = AccountId("")  # among the accounts to be read back: the room itself, its title and our rights in it

STRANGER = NO_PERSON  # the person of an account that nobody known to the school holds
REVERTED = "reverted"  # among what is to be read back: a stranger who was decided to be taken out


class RoomPlace(NamedTuple):
    """A place as settling sees it; only those with an account. `held`: it has a hold, rejected or not."""

    person_id: PersonId
    account: AccountId
    wanted: str
    observed: str
    leaving: bool = False
    held: bool = False
    refused_for: str | None = None
    reasons: tuple[str, ...] = ()
    cause_no: EventNo = NO_EVENT
    came_back: bool = False  # came back by themselves after leaving so: still to be planned

    @property
    def stays(self) -> bool:
        """Wanted out, and not taken out: a person has to decide, or it has to be planned."""
        return self.held or (self.wanted == OUT and self.came_back)

    @property
    def has_left(self) -> bool:
        """Desired, and wanted out only because the person left by themselves."""
        return self.wanted == OUT and bool(self.reasons) and not self.held


@dataclass(frozen=True, slots=True)
class RoomWork:
    """A leased room with the places that differ, or may, and all others of the same accounts.

    `invite_link`: empty: the chat has none; None: not asked for yet. `read_backs`: accounts to be read back now, each
    with the person it was of and why (`left`: a webhook said that the person left; AGAIN: a removal is to be tried once
    more); an answer settles those asked for up to `loaded_at`, when the store read the room. `kept_for`: the wanted
    title that a title given by people, which is kept, replaces. `lacks`: the rights that we lack there. `takes_over`:
    people of its chat still stand in another room, and wait for this one to be filled; `successor`: the room for which
    this one is left, as long as nobody was told so.
    """

    room_no: RoomNo
    organisation_id: OrganisationId
    chat_id: ChatId
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
    read_backs: Mapping[AccountId, tuple[PersonId, str]]
    in_flight: Call | None = None
    loaded_at: datetime = BEFORE_ALL
    invite_link: str | None = None
    kept_for: str | None = None
    lacks: str | None = None
    takes_over: bool = False
    successor: Successor | None = None

    @property
    def chat(self) -> str:
        """The chat's id on the platform; empty where it has none."""
        return self.external_chat_id or ""

    def removed_again(self, account: AccountId) -> bool:
        """Whether it is time to remove somebody once more whose removal was refused."""
        return self.read_backs.get(account, ("", ""))[1] == AGAIN

    @property
    def on_platform(self) -> bool:
        return self.external_chat_id is not None and self.observed_life not in {GONE, NEEDS_PERSON}

    @property
    def is_open(self) -> bool:
        return self.external_chat_id is not None and self.observed_life == OPEN


class Call(NamedTuple):
    """A write that may be in flight: its act's name, and its accounts, each with a person it was for."""

    act: str
    persons: Mapping[AccountId, PersonId]


class Folded(NamedTuple):
    """All places of one account in a room as one: the highest wanted, any observed."""

    account: AccountId
    wanted: str
    observed: str
    leaving: bool
    refused: bool

    @property
    def to_remove(self) -> bool:
        return self.wanted == OUT and self.observed in IN and not self.refused


def fold(places: Iterable[RoomPlace]) -> list[Folded]:
    """What is wanted for each account, sorted by account: the platform knows accounts, not persons."""
    grouped: dict[AccountId, list[RoomPlace]] = {}
    for place in places:
        grouped.setdefault(place.account, []).append(place)
    return [_folded(account, grouped[account]) for account in sorted(grouped)]


def _folded(account: AccountId, places: Sequence[RoomPlace]) -> Folded:
    if len(places) == 1:  # nearly always
        [one] = places
        wanted = one.observed if one.stays else one.wanted
        leaving, refused = one.leaving and one.wanted == OUT, one.refused_for == wanted == one.wanted
        return Folded(account, wanted, one.observed, leaving, refused)
    observed = any_observed(places)
    wanted = max((place.wanted for place in places if not place.stays), key=RANK.__getitem__, default=OUT)
    if wanted == OUT and any(place.stays and place.observed != OUT for place in places):
        wanted = observed  # held places are left as they are
    asked = [place for place in places if place.wanted == wanted and not place.stays]
    return Folded(
        account,
        wanted,
        observed,
        leaving=any(place.leaving for place in places if place.wanted == OUT),
        refused=bool(asked) and all(place.refused_for == wanted for place in asked),
    )


def any_observed(places: Iterable[RoomPlace]) -> str:
    observed = {place.observed for place in places}
    for state in (UNKNOWN, ADMIN, MEMBER):
        if state in observed:
            return state
    return OUT
