"""The limits on who leaves: of the school, of one chat, and of a kind of people of which nobody would be left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sync.guards.kinds import KINDS, kinds_by_reasons
from sync.guards.leaving import Removed
from sync.guards.limits import Guards
from sync.ids import AccountId, ChatId, PersonId, RoomNo
from sync.places import IN, Place
from sync.plan import Plan
from sync.wording import number_of


class Standing(NamedTuple):
    """A place in which somebody is seen on the platform."""

    person_id: PersonId
    room_no: RoomNo
    account: AccountId


@dataclass(frozen=True, slots=True)
class Seen:
    """The members of one school's chats before a plan, by chat; the places of wanted members by kind of people; and
    those of members by hand.
    """

    by_chat: Mapping[ChatId, frozenset[PersonId]]
    kinds: Mapping[str, frozenset[Standing]] = field(default_factory=dict)
    by_hand: frozenset[Standing] = frozenset()

    @property
    def everybody(self) -> frozenset[PersonId]:
        return frozenset().union(*self.by_chat.values())


def over_floor(leaving: Iterable[Removed], guards: Guards) -> bool:
    """Whether enough persons leave, in this plan and the last 24 hours together, that the members must be read."""
    by_chat, _ = _persons(leaving)
    everybody = len(set().union(*by_chat.values()))
    return everybody > guards.organisation.floor or any(len(of) > guards.chat.floor for of in by_chat.values())


def many_of_kinds(now: Iterable[Removed], before: Iterable[Removed], guards: Guards) -> list[str]:
    """The kinds of people of which enough leave that the remaining members must be read."""
    now = list(now)
    _, by_kind = _persons([*now, *before])
    leaving = {kind for one in now for kind in one.kinds}
    return [kind for kind in KINDS if kind in leaving and len(by_kind[kind]) >= guards.kind_floor]


def broken_shares(now: Iterable[Removed], before: Collection[Removed], seen: Seen, guards: Guards) -> Iterator[str]:
    """Which limits of the school and of chats a plan breaks, in words: its removals and those of the last 24 hours."""
    now = list(now)
    leaving, _ = _persons([*now, *before])
    persons, there = set().union(*leaving.values()), seen.everybody | {one.person_id for one in before}
    if guards.organisation.broken(len(persons), len(there)):
        yield f"organisation: {len(persons)} of {number_of(len(there), 'person')} {_leave(len(persons))}"
    for chat_id in sorted({one.chat_id for one in now}):
        gone = {one.person_id for one in before if one.chat_id == chat_id}
        members = len(seen.by_chat.get(chat_id, frozenset()) | gone)
        number = len(leaving[chat_id])
        if guards.chat.broken(number, members):
            yield f"chat {chat_id}: {number} of {number_of(members, 'member')} {_leave(number)}"


def ending_kinds(
    now: Iterable[Removed], before: Iterable[Removed], made: Plan, seen: Seen, guards: Guards
) -> list[str]:
    """The kinds of people of which many leave and nobody would be left in a chat, disregarding members by hand."""
    many = many_of_kinds(now, before, guards)
    return [kind for kind in many if not _anybody(seen.kinds.get(kind, frozenset()), made, kind)]


def _anybody(standing: Collection[Standing], made: Plan, kind: str) -> bool:
    changed = {standing_of(change.place) for change in made.places}
    entered = (change.after for change in made.places if change.after is not None and change.after.wanted in IN)
    return any(one not in changed for one in standing) or any(
        place.account and kind in kinds_by_reasons(kept.reason for kept in place.reasons) for place in entered
    )


def left_by_hand(made: Plan, seen: Seen) -> set[PersonId]:
    """Who is in a chat by hand before a plan and after it."""
    leaving = {standing_of(change.place) for change in made.places if change.leaves}
    return {one.person_id for one in seen.by_hand - leaving}


def end_of_kind(kind: str, now: Iterable[Removed], before: Iterable[Removed]) -> str:
    """The limit that was broken, in words."""
    persons = _persons([*now, *before])[1][kind]
    return f"{kind}: {len(persons)} {_leave(len(persons))}, and nobody of the {kind} would be left in a chat"


def standing_of(place: Place) -> Standing:
    return Standing(place.person_id, place.room_no, place.account)


def _leave(number: int) -> str:
    return "leaves" if number == 1 else "leave"


def _persons(leaving: Iterable[Removed]) -> tuple[Mapping[ChatId, set[PersonId]], Mapping[str, set[PersonId]]]:
    """Persons by chat, and by kind."""
    by_chat: dict[ChatId, set[PersonId]] = defaultdict(set)
    by_kind: dict[str, set[PersonId]] = defaultdict(set)
    for one in leaving:
        by_chat[one.chat_id].add(one.person_id)
        for kind in one.kinds:
            by_kind[kind].add(one.person_id)
    return by_chat, by_kind
