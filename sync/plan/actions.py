"""The plan as people read it: one line for each thing that will be done on the platform."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sync.ids import NO_EVENT, AccountId, ChatId, EventNo, OrganisationId, PersonId, RoomNo
from sync.places import ADMIN, ARCHIVED, NOBODY, NONE, OUT, Room
from sync.plan import PlaceChange, Plan, RoomChange


class Action(NamedTuple):
    """One line of a plan as it is shown: what will be done on the platform."""

    action: str
    chat_id: ChatId
    person_id: PersonId | None
    external_user_id: AccountId | None
    role: str | None
    reasons: tuple[str, ...]
    cause: EventNo | None


def actions(made: Plan, rooms: Mapping[RoomNo, Room], *, waiting: bool = False) -> list[Action]:
    """The plan as the list that people read. Members without an account are left out unless `waiting`. A chat is
    created for the first person who joins it.
    """
    lines = [line for change in made.rooms for line in _room_actions(change)]
    entered = [rooms[room_no] for room_no in sorted({change.place.room_no for change in made.places if change.enters})]
    lines += [
        Action("create_chat", room.chat_id, None, None, None, (), None)
        for room in entered
        if room.observed_life == NONE
    ]
    for change in made.places:
        if waiting or change.place.account != NOBODY:
            lines.extend(_place_actions(change, rooms[change.place.room_no].chat_id))
    return lines


def told(organisation_id: OrganisationId, lines: Iterable[Action], causes: Mapping[EventNo, Any]) -> dict[str, Any]:
    """A plan as all interfaces show it: its lines, each with its event from `causes`, and counts by action."""
    lines = list(lines)
    changes = [
        {**line._asdict(), "organisation_id": organisation_id, "cause": causes.get(line.cause or NO_EVENT)}
        for line in lines
    ]
    return {"changes": changes, "counts": counts(lines)}


def counts(lines: Iterable[Action]) -> dict[str, int]:
    return dict(sorted(Counter(line.action for line in lines).items()))


def _room_actions(change: RoomChange) -> Iterator[Action]:
    before, after = change.before, change.after
    if before is None:
        yield Action("create_chat", after.chat_id, None, None, None, (), None)
    elif before.wanted_life != after.wanted_life and after.wanted_life == ARCHIVED:
        yield Action("archive_chat", after.chat_id, None, None, None, (), None)
    elif before.wanted_title != after.wanted_title:
        yield Action("rename_chat", after.chat_id, None, None, None, (), None)


def _place_actions(change: PlaceChange, chat_id: ChatId) -> Iterator[Action]:
    before = change.before.wanted if change.before is not None else OUT
    after = change.after.wanted if change.after is not None else OUT
    place = change.place
    if before == after:
        return
    reasons, account = tuple(kept.reason for kept in place.reasons), place.account or None
    if after == OUT:
        yield Action("remove_member", chat_id, place.person_id, account, None, reasons, place.cause_no)
        return
    if before == OUT:
        yield Action("add_member", chat_id, place.person_id, account, after, reasons, place.cause_no)
    if after == ADMIN:
        yield Action("grant_admin", chat_id, place.person_id, account, after, reasons, place.cause_no)
    elif before == ADMIN:
        yield Action("revoke_admin", chat_id, place.person_id, account, after, reasons, place.cause_no)
