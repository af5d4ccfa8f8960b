"""The plan: how what is wanted of one school's rooms and places changes, as a value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from sync.denials import denied_since
from sync.desired import Desired, desired_of_person, is_leaver
from sync.ids import NO_EVENT, AccountId, EventNo, OrganisationId, PersonId, RoomNo
from sync.places import ADMIN, ARCHIVED, IN, MEMBER, NOBODY, NONE, OPEN, OUT, Place, Room
from sync.planning_scope import Cause, PlanningScope
from sync.titles import Titles, title
from sync.wanted import Wanted, wanted_places

DesiredOfScope = Mapping[PersonId, Mapping[str, Desired]]


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings that planning looks at."""

    titles: Titles = field(default_factory=Titles)
    keep_on_unlink: bool = False


@dataclass(frozen=True, slots=True)
class PlaceChange:
    """`before` None: a new place. `after` None: a waiting place that goes."""

    before: Place | None
    after: Place | None

    @property
    def place(self) -> Place:
        place = self.after or self.before
        assert place is not None  # noqa: S101 - a change is of something
        return place

    @property
    def enters(self) -> bool:
        return _wants_in(self.after) and not _wants_in(self.before) and not self.place.rejected

    @property
    def retried(self) -> bool:
        """Whether what the platform refused is asked for again."""
        return self.before is not None and self.before.refused and self.after is not None and not self.after.refused

    @property
    def leaves(self) -> bool:
        return _wants_in(self.before) and not _wants_in(self.after)

    @property
    def lost(self) -> frozenset[str]:
        """The reasons that ended by this change."""
        before = self.before.reasons if self.before is not None else ()
        after = {kept.reason for kept in self.after.reasons} if self.after is not None else set()
        return frozenset(kept.reason for kept in before if kept.reason not in after)


def _wants_in(place: Place | None) -> bool:
    return place is not None and place.account != NOBODY and place.wanted in IN


@dataclass(frozen=True, slots=True)
class RoomChange:
    """A new title, a chat to be archived, or one that is open again. `before` None: a room that is new."""

    before: Room | None
    after: Room


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan of one school from one batch, sorted. Made again once it is applied, it is empty."""

    organisation_id: OrganisationId
    rooms: tuple[RoomChange, ...] = ()
    places: tuple[PlaceChange, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.rooms and not self.places


def desired_of_persons(scope: PlanningScope, persons: Iterable[PersonId]) -> dict[PersonId, Mapping[str, Desired]]:
    return {person: desired_of_person(person, scope.roster) for person in persons}


def rooms_to_open(scope: PlanningScope, desired: DesiredOfScope, titles: Titles) -> list[Room]:
    """Rooms, still without a number, for the chats that somebody is to be in and that no room serves."""
    needed = {chat_id for memberships in desired.values() for chat_id in memberships}
    return [
        Room(
            RoomNo(0),
            scope.organisation_id,
            chat_id,
            _next_life(scope, chat_id),
            title(chat_id, scope.roster, titles),
            platform=scope.platform,
        )
        for chat_id in sorted(needed)
        if scope.present_room(chat_id) is None
    ]


def _next_life(scope: PlanningScope, chat_id: str) -> int:
    return 1 + max((room.life for room in scope.lives.get(chat_id, ())), default=0)


def changes_of_persons(
    scope: PlanningScope, persons: Iterable[PersonId], desired: DesiredOfScope, policy: Policy, now: datetime
) -> dict[PersonId, list[PlaceChange]]:
    """What has to change for some of the scope's persons, by person. Rooms that had to be opened are in it by now."""
    changes = {}
    for person in persons:
        wanted = wanted_places(person, desired[person], scope, now, keep_on_unlink=policy.keep_on_unlink)
        changes[person] = list(_changes_of_person(person, wanted, desired[person], scope, now))
    return changes


def plan_of(scope: PlanningScope, changes: Mapping[PersonId, Iterable[PlaceChange]], titles: Titles) -> Plan:
    """The changes of all the scope's persons, and those of its rooms, as the plan of the school."""
    places = tuple(change for person in sorted(changes) for change in changes[person])
    return Plan(scope.organisation_id, room_changes(scope, places, titles), places)


def room_changes(scope: PlanningScope, places: Iterable[PlaceChange], titles: Titles) -> tuple[RoomChange, ...]:
    """Rooms by chat and life. One whose chat closes stays open while somebody in it has a hold."""
    closing = {room_no for room_no, room in scope.rooms.items() if scope.may_close(room)}
    kept = _with_holds(scope, places) if closing else set()
    return tuple(_room_changes(scope, kept, titles))


def _with_holds(scope: PlanningScope, places: Iterable[PlaceChange]) -> set[RoomNo]:
    """The rooms in which somebody has a hold once these places have changed, as far as the scope knows."""
    before = {change.before for change in places}
    stay = (place for of in scope.places.values() for place in of if place not in before)
    come = (change.after for change in places if change.after is not None)
    others = {room_no for room_no, persons in scope.kept.items() if set(persons) - scope.causes.keys()}
    return others | {place.room_no for place in (*stay, *come) if place.hold_no is not None}


def _room_changes(scope: PlanningScope, kept: Container[RoomNo], titles: Titles) -> Iterator[RoomChange]:
    for room in sorted(scope.rooms.values(), key=lambda room: (room.chat_id, room.life)):
        if room.chat_id not in scope.chat_ids:
            continue
        is_open = scope.roster.open_chat(room.chat_id) is not None
        if is_open and scope.present_room(room.chat_id) is room:
            takes_over = any(map(scope.moving, scope.lives[room.chat_id]))
            named = replace(room, wanted_life=OPEN, wanted_title=title(room.chat_id, scope.roster, titles))
            after = replace(named, takes_over=takes_over, left_for=None)
        elif scope.moving(room):
            after = replace(room, takes_over=False)
        else:
            closed = replace(room, wanted_life=OPEN if scope.may_close(room) and room.room_no in kept else ARCHIVED)
            after = replace(closed, takes_over=False, left_for=scope.leaving.get(room.room_no, room.left_for))
        if after != room:
            yield RoomChange(room, after)


def _changes_of_person(
    person: PersonId,
    wanted: Mapping[tuple[RoomNo, AccountId], Wanted],
    desired: Mapping[str, Desired],
    scope: PlanningScope,
    now: datetime,
) -> Iterator[PlaceChange]:
    standing = {(place.room_no, place.account): place for place in scope.places.get(person, ())}
    cause = scope.causes[person]
    for key in sorted(standing.keys() | wanted.keys()):
        before = standing.get(key)
        place = before or _new(Place(scope.organisation_id, person, *key), scope)
        after = _next(place, wanted.get(key), cause, now)
        if after is not None and before is not None and before.wanted in IN and after.wanted == OUT:
            still = scope.rooms[key[0]].chat_id in desired
            lost = PlaceChange(before, after).lost
            after = after._replace(leaving=not still and is_leaver(person, lost, scope.roster))
        if after is not None and after.held:
            after = _held(after, wanted.get(key), scope, now)
        if after is not None and after.refused and person in scope.retried:
            after = after._replace(refused=False)
        if after != before:
            yield PlaceChange(before, after)


def _new(place: Place, scope: PlanningScope) -> Place:
    """A place that is new. Who is kept out of its room by one account is kept out by every other, and of the room that
    takes over from it.
    """
    rooms = {place.room_no, *(former.room_no for former in scope.moved_from(scope.rooms[place.room_no]))}
    standing = scope.places.get(place.person_id, ())
    kept = next((other for other in standing if other.room_no in rooms and other.kept_out), None)
    if kept is None:
        return place
    return place._replace(reasons=kept.reasons, hold_no=kept.hold_no, rejected=kept.rejected)


def _held(place: Place, wanted: Wanted | None, scope: PlanningScope, now: datetime) -> Place:
    """A held place, or what becomes of it once a person has decided, or once it is no mistake any more."""
    approved = scope.decided.get(place.hold_no) if place.hold_no is not None else None
    if wanted is not None:
        if approved is None:
            return place
        return place._replace(wanted=wanted.wanted, hold_no=None, wanted_at=now) if approved else _rejected(place)
    if _is_no_flood(place, scope):
        cause = scope.causes[place.person_id]
        return place._replace(hold_no=None, leaving=True, cause_no=cause.event_no, wanted_at=now)
    account = scope.account(place.person_id, scope.rooms[place.room_no])
    if approved or account is None or account.external_user_id != place.account:
        return place._replace(hold_no=None, wanted_at=now)
    return place if approved is None else _rejected(place)


def _rejected(place: Place) -> Place:
    """As it is: who is to leave stays, who is to join does not."""
    stays = place.observed if place.observed in IN else MEMBER
    return place._replace(wanted=OUT if place.reasons else stays, rejected=True)


def _is_no_flood(place: Place, scope: PlanningScope) -> bool:
    """Blocked, denied the child, or out of a chat that somebody deleted: that is never held, and lets go what was held
    already.
    """
    chat_id, roster = scope.rooms[place.room_no].chat_id, scope.roster
    if roster.blocked(place.person_id) is not None or roster.is_deleted(chat_id):
        return True
    return denied_since(place.person_id, chat_id, place.cause_no, roster)


def _next(place: Place, wanted: Wanted | None, cause: Cause, now: datetime) -> Place | None:
    """A place after planning. Truth table:

    wanted   place                   becomes
    none     waiting                 gone
    none     removal held            as it is while the person may be there
    none     removal rejected        the same, until an event of the roster asks: wanted out
    none     wanted in               wanted out
    none     other                   as it is, free of any hold; its reasons have ended
    in       join held               as it is, with the reasons of today
    in       join rejected           the same, until an event of the roster asks: as wanted
    any      as wanted, no hold      as it is, with the reasons of today
    any      other                   as wanted, free of any hold
    """
    if wanted is None:
        return _unwanted(place, cause, now)
    if place.kept_out and wanted.wanted in IN and (place.held or not cause.by_event):
        return place if place.reasons == wanted.reasons else place._replace(reasons=wanted.reasons)
    if place.wanted != wanted.wanted or place.hold_no is not None:
        return place.wanting(wanted.wanted, wanted.reasons, cause.event_no, now)
    if place.reasons == wanted.reasons and place.cause_no and place.wanted_at is not None:
        return place
    known = place.cause_no or cause.event_no
    return place._replace(reasons=wanted.reasons, cause_no=known, wanted_at=place.wanted_at or now)


def _unwanted(place: Place, cause: Cause, now: datetime) -> Place | None:
    if place.account == NOBODY:
        return None
    if place.hold_no is not None and not place.reasons and place.seen and (place.held or not cause.by_event):
        return place
    if place.wanted == OUT:
        plain = not place.reasons and place.hold_no is None
        return place if plain else place._replace(reasons=(), hold_no=None, rejected=False)
    known = place.cause_no if place.rejected else NO_EVENT  # a reconcile has no event of its own
    return place.wanting(OUT, (), cause.event_no or known, now)


class Action(NamedTuple):
    """One line of a plan as it is shown: what will be done on the platform."""

    action: str
    chat_id: str
    person_id: PersonId | None
    external_user_id: AccountId | None
    role: str | None
    reasons: tuple[str, ...]
    cause: EventNo | None


def actions(made: Plan, rooms: Mapping[RoomNo, Room], *, waiting: bool = False) -> list[Action]:
    """The plan as the list that people read; member actions only where there is an account, or for who is `waiting`
    for one, too. Who is the first to join a chat has it made.
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
    """A plan as everybody outside meets it: its lines, each with its event out of `causes`, and how many of which."""
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


def _place_actions(change: PlaceChange, chat_id: str) -> Iterator[Action]:
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
