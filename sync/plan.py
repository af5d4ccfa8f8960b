"""The plan: how what is wanted of one school's rooms and places changes, as a value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from sync.desired import Desired, desired_of_person, is_leaver
from sync.places import ADMIN, ARCHIVED, IN, NOBODY, NONE, OPEN, OUT, Place, Room
from sync.slices import Cause, Slice
from sync.titles import Titles, title
from sync.wishes import Wish, wishes

DesiredOfSlice = Mapping[str, Mapping[str, Desired]]


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
        return _wants_in(self.after) and not _wants_in(self.before)

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

    organisation_id: str
    rooms: tuple[RoomChange, ...] = ()
    places: tuple[PlaceChange, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.rooms and not self.places


def desired_of_slice(slice_: Slice) -> DesiredOfSlice:
    return {person: desired_of_person(person, slice_.roster) for person in slice_.causes}


def rooms_to_open(slice_: Slice, desired: DesiredOfSlice, titles: Titles) -> list[Room]:
    """Rooms, still without a number, for the chats that somebody is to be in and that no room serves."""
    needed = {chat_id for memberships in desired.values() for chat_id in memberships}
    return [
        Room(0, slice_.organisation_id, chat_id, _next_life(slice_, chat_id), title(chat_id, slice_.roster, titles))
        for chat_id in sorted(needed)
        if slice_.present_room(chat_id) is None
    ]


def _next_life(slice_: Slice, chat_id: str) -> int:
    return 1 + max((room.life for room in slice_.lives.get(chat_id, ())), default=0)


def plan(slice_: Slice, desired: DesiredOfSlice, policy: Policy, now: datetime) -> Plan:
    """What has to change for the slice's persons and chats. Rooms that had to be opened are in the slice by now."""
    places: list[PlaceChange] = []
    for person in sorted(slice_.causes):
        wished = wishes(person, desired[person], slice_, now, keep_on_unlink=policy.keep_on_unlink)
        places.extend(_changes_of_person(person, wished, desired[person], slice_, now))
    return Plan(slice_.organisation_id, tuple(_room_changes(slice_, policy.titles)), tuple(places))


def _room_changes(slice_: Slice, titles: Titles) -> Iterator[RoomChange]:
    for room in sorted(slice_.rooms.values(), key=lambda room: (room.chat_id, room.life)):
        if room.chat_id not in slice_.chat_ids:
            continue
        is_open = slice_.roster.open_chat(room.chat_id) is not None
        if is_open and slice_.present_room(room.chat_id) is room:
            after = replace(room, wanted_life=OPEN, wanted_title=title(room.chat_id, slice_.roster, titles))
        else:
            after = replace(room, wanted_life=ARCHIVED)
        if after != room:
            yield RoomChange(room, after)


def _changes_of_person(
    person: str, wished: Mapping[tuple[int, str], Wish], desired: Mapping[str, Desired], slice_: Slice, now: datetime
) -> Iterator[PlaceChange]:
    standing = {(place.room_no, place.account): place for place in slice_.places.get(person, ())}
    cause = slice_.causes[person]
    for key in sorted(standing.keys() | wished.keys()):
        before = standing.get(key)
        after = _next(before or Place(slice_.organisation_id, person, *key), wished.get(key), cause, now)
        if after is not None and before is not None and before.wanted in IN and after.wanted == OUT:
            still = slice_.rooms[key[0]].chat_id in desired
            lost = PlaceChange(before, after).lost
            after = replace(after, leaving=not still and is_leaver(person, lost, slice_.roster))
        if after is not None and after.held and _speaks_of_one_child(person, slice_):
            after = replace(after, hold_no=None, leaving=True, cause_no=cause.event_no, wanted_at=now)
        if after is not None and after.refused and person in slice_.retried:
            after = replace(after, refused=False)
        if after != before:
            yield PlaceChange(before, after)


def _speaks_of_one_child(person: str, slice_: Slice) -> bool:
    """Blocked, or denied: that is never held, and lets go what was held already."""
    roster = slice_.roster
    return roster.blocked(person) is not None or any(guardian_id == person for guardian_id, _ in roster.denials)


def _next(place: Place, wish: Wish | None, cause: Cause, now: datetime) -> Place | None:
    """A place after planning. Truth table:

    wish            place            becomes
    none            waiting          gone
    none            wanted out       as it is, held or not; its reasons have ended
    none            rejected         wanted out if an event of the roster asks, else as it is
    none            wanted in        wanted out
    as wanted       any not rejected as it is, with the reasons of today
    other           any              as wished, free of any hold
    """
    if wish is None:
        return _unwished(place, cause, now)
    if place.wanted != wish.wanted or place.rejected:
        return place.wanting(wish.wanted, wish.reasons, cause.event_no, now)
    if place.reasons == wish.reasons and place.cause_no and place.wanted_at is not None:
        return place
    known = place.cause_no or cause.event_no
    return replace(place, reasons=wish.reasons, cause_no=known, wanted_at=place.wanted_at or now)


def _unwished(place: Place, cause: Cause, now: datetime) -> Place | None:
    if place.account == NOBODY:
        return None
    if place.rejected and not cause.by_event:
        return place
    if place.wanted == OUT:
        return replace(place, reasons=())
    return place.wanting(OUT, (), cause.event_no, now)


class Action(NamedTuple):
    """One line of a plan as it is shown: what will be done on the platform."""

    action: str
    chat_id: str
    person_id: str | None
    external_user_id: str | None
    role: str | None
    reasons: tuple[str, ...]
    cause: int | None


def actions(made: Plan, rooms: Mapping[int, Room]) -> list[Action]:
    """The plan as the list that people read; member actions only where there is an account. Who is the first to join
    a chat has it made.
    """
    lines = [line for change in made.rooms for line in _room_actions(change)]
    entered = [rooms[room_no] for room_no in sorted({change.place.room_no for change in made.places if change.enters})]
    lines += [
        Action("create_chat", room.chat_id, None, None, None, (), None)
        for room in entered
        if room.observed_life == NONE
    ]
    for change in made.places:
        lines.extend(_place_actions(change, rooms[change.place.room_no].chat_id))
    return lines


def told(organisation_id: str, lines: Iterable[Action], causes: Mapping[int, Any]) -> dict[str, Any]:
    """A plan as everybody outside meets it: its lines, each with its event out of `causes`, and how many of which."""
    lines = list(lines)
    changes = [
        {**line._asdict(), "organisation_id": organisation_id, "cause": causes.get(line.cause or 0)} for line in lines
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
    if place.account == NOBODY or before == after:
        return
    reasons = tuple(kept.reason for kept in place.reasons)
    if after == OUT:
        yield Action("remove_member", chat_id, place.person_id, place.account, None, reasons, place.cause_no)
        return
    if before == OUT:
        yield Action("add_member", chat_id, place.person_id, place.account, after, reasons, place.cause_no)
    if after == ADMIN:
        yield Action("grant_admin", chat_id, place.person_id, place.account, after, reasons, place.cause_no)
    elif before == ADMIN:
        yield Action("revoke_admin", chat_id, place.person_id, place.account, after, reasons, place.cause_no)
