"""What one person's desired memberships mean for places: persons become accounts, chats become rooms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sync import chats
from sync.desired import Desired
from sync.facts import HOMEROOM
from sync.ids import AccountId, ChatId, EventNo, PersonId, RoomNo
from sync.places import ADMIN, IN, NOBODY, OUT, KeptReason, Place, Room
from sync.planning_scope import PlanningScope
from sync.roster import Roster


class Wanted(NamedTuple):
    """What planning asks for a place. Wanted out with reasons: desired, but the person has left."""

    wanted: str
    reasons: tuple[KeptReason, ...]


WantedPlaces = dict[tuple[RoomNo, AccountId], Wanted]


def wanted_places(
    person: PersonId, desired: Mapping[ChatId, Desired], scope: PlanningScope, now: datetime, *, keep_on_unlink: bool
) -> WantedPlaces:
    """The wanted role for a person's places, by room and account; places not in it are not wanted.

    The only function that sees both what is desired and what is observed: an unlinked account that is kept stays only
    where it is in and while nobody else is linked to it, who left stays out, also of the room that takes over, and who
    stands in a room that is taken over stays until it is left.
    """
    standing = _by_room(scope.places.get(person, ()))
    wanted: WantedPlaces = {}
    present = set[RoomNo]()
    for chat_id, membership in desired.items():
        room = scope.present_room(chat_id)
        assert room is not None, chat_id  # noqa: S101 - rooms are opened before places are planned
        before = [place for former in scope.moved_from(room) for place in standing.get(former.room_no, ())]
        places = standing.get(room.room_no, [])
        asked = _wanted(membership, [*before, *places], now)
        account = scope.account(person, room)
        wanted[room.room_no, account.external_user_id if account else NOBODY] = asked
        if keep_on_unlink:
            wanted |= _kept(person, room, places, asked, scope)
        present.add(room.room_no)
    for room_no in standing.keys() - present:
        room, places = scope.rooms[room_no], standing[room_no]
        if scope.moving(room):
            membership_there = desired.get(room.chat_id)
            if membership_there is not None:
                asked = _wanted(membership_there, places, now)
                wanted |= _until_it_is_left(person, room, places, asked, scope)
                wanted |= _kept(person, room, places, asked, scope) if keep_on_unlink else {}
        else:
            wanted |= _in_old_room(person, room, places, scope, now)
    return wanted


def _kept(person: PersonId, room: Room, places: Iterable[Place], asked: Wanted, scope: PlanningScope) -> WantedPlaces:
    """Of who is linked no more: the accounts that stay."""
    if person in scope.accounts_of(room):
        return {}
    kept = (place for place in places if _is_in(place) and not scope.linked(place.account, room))
    return {(room.room_no, place.account): asked for place in kept}


def _by_room(places: Iterable[Place]) -> dict[RoomNo, list[Place]]:
    rooms: dict[RoomNo, list[Place]] = {}
    for place in places:
        rooms.setdefault(place.room_no, []).append(place)
    return rooms


def _is_in(place: Place) -> bool:
    return place.account != NOBODY and place.observed in IN and place.wanted in IN


def _wanted(membership: Desired, standing: Sequence[Place], now: datetime) -> Wanted:
    since = {(kept.reason, kept.role): kept.since for place in standing for kept in place.reasons}
    reasons = tuple(
        KeptReason(reason.reason, reason.role, reason.cause, since.get((reason.reason, reason.role), now))
        for reason in membership.reasons
    )
    left_at = max((place.left_at for place in standing if place.left_at is not None), default=None)
    has_left = left_at is not None and all(reason.since < left_at for reason in reasons)
    return Wanted(OUT if has_left else membership.role, reasons)


def _until_it_is_left(
    person: PersonId, room: Room, places: Iterable[Place], asked: Wanted, scope: PlanningScope
) -> WantedPlaces:
    """A room on a platform that the school has left: who is in it stays while desired, nobody is added any more."""
    account = scope.account(person, room)
    own = account.external_user_id if account is not None else NOBODY
    return {(room.room_no, place.account): asked for place in places if place.seen and place.account == own}


def _in_old_room(
    person: PersonId, room: Room, places: Sequence[Place], scope: PlanningScope, now: datetime
) -> WantedPlaces:
    """A room of a closed chat: administrators who are in it stay, and nobody is added any more."""
    account = scope.account(person, room)
    grounds = list(_lasting(person, room, scope)) if account is not None else []
    if account is None or not grounds:
        return {}
    reasons = tuple(KeptReason(reason, ADMIN, cause, now) for reason, cause in grounds)
    return {
        (room.room_no, place.account): Wanted(ADMIN, _with_since(reasons, place))
        for place in places
        if place.account == account.external_user_id and place.wanted in IN and place.seen
    }


def _with_since(reasons: Iterable[KeptReason], place: Place) -> tuple[KeptReason, ...]:
    since = {kept.reason: kept.since for kept in place.reasons}
    return tuple(reason._replace(since=since.get(reason.reason, reason.since)) for reason in reasons)


def _lasting(person: PersonId, room: Room, scope: PlanningScope) -> Iterator[tuple[str, EventNo]]:
    """R3, R5 and R8 where they outlast the closing of a class."""
    roster, class_id = scope.roster, chats.class_of(room.chat_id)
    if class_id is None or roster.registration is None or roster.blocked(person) is not None:
        return
    if roster.open_chat(room.chat_id) is not None and room is scope.present_room(room.chat_id):
        return
    administrator = roster.chat_administrator
    if administrator is not None and administrator[0] == person:
        yield "chat_administrator", administrator[1].event_no
    if not _excluded(person, room.chat_id, roster) and roster.employed(person) is not None:
        homeroom = roster.holding(HOMEROOM).get((class_id,))
        if homeroom is not None and homeroom.value.employee_id == person:
            yield "homeroom", homeroom.event_no


def _excluded(person: PersonId, chat_id: ChatId, roster: Roster) -> bool:
    return any(excluded == chat_id for excluded, _ in roster.picks(person, "excluded"))
