"""Guards against floods of removals by mistake. Additions always flow, and so does what speaks of one child."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from sync import chats
from sync.facts import ATTENDANCE
from sync.places import Place
from sync.plan import PlaceChange, Plan
from sync.roster import Roster
from sync.rules import fits
from sync.slices import Slice


@dataclass(frozen=True, slots=True)
class Limit:
    """Broken by more persons than `floor` that are also more than `share` of those who were there."""

    share: float
    floor: int

    def broken(self, leaving: int, there: int) -> bool:
        return leaving > self.floor and leaving > self.share * there


@dataclass(frozen=True, slots=True)
class Guards:
    on: bool = True
    organisation: Limit = field(default_factory=lambda: Limit(0.20, 20))
    chat: Limit = field(default_factory=lambda: Limit(0.50, 10))


@dataclass(frozen=True, slots=True)
class Seen:
    """Who was on the platform in one school before a plan: all persons, and by chat; and the counted removals of the
    last 24 hours, as (chat, person). Those already out are in `removed` alone.
    """

    everybody: frozenset[str]
    by_chat: Mapping[str, frozenset[str]]
    removed: frozenset[tuple[str, str]]


Counted = dict[PlaceChange, str]  # the removals a guard counts, with their chat


def counted(made: Plan, slice_: Slice) -> Counted:
    """The removals of a plan that guards count: of persons seen on the platform who join no other chat by it."""
    joining = {change.place.person_id for change in made.places if change.enters}
    leaving = {}
    for change in made.places:
        chat_id = slice_.rooms[change.place.room_no].chat_id
        moves = change.place.person_id in joining
        if _is_seen_leaving(change) and not moves and not _exempt(change, chat_id, slice_.roster):
            leaving[change] = chat_id
    return leaving


def _is_seen_leaving(change: PlaceChange) -> bool:
    return change.leaves and change.before is not None and change.before.seen


def _exempt(change: PlaceChange, chat_id: str, roster: Roster) -> bool:
    """Blocked, denied, graduated, or out with a closed class."""
    person = change.place.person_id
    class_id = chats.class_of(chat_id)
    if roster.blocked(person) is not None or (class_id is not None and not roster.class_open(class_id)):
        return True
    lost = change.lost
    return bool(lost) and all(_ground_exempt(person, reason, chat_id, roster) for reason in lost)


def _ground_exempt(person: str, reason: str, chat_id: str, roster: Roster) -> bool:
    if reason.startswith("guardian_of:"):
        student_id = reason.partition(":")[2]
        return (person, student_id) in roster.denials or _graduated(student_id, roster)
    if reason == "studies_in":
        return _graduated(person, roster)
    if reason == "studies_in_group":
        return _graduated(person, roster) or _of_closed_class(chat_id, roster)
    return reason == "added_by_hand" and (
        _graduated(person, roster) or _graduates_guardian(person, roster) or _by_denial(person, chat_id, roster)
    )


def _of_closed_class(chat_id: str, roster: Roster) -> bool:
    """Whether a chat serves an open group whose class is closed."""
    chat = roster.chat_by_hand(chat_id)
    group = roster.group_open(chat.value.group_id) if chat is not None else None
    return group is not None and group.value.class_id is not None and not roster.class_open(group.value.class_id)


def _by_denial(person: str, chat_id: str, roster: Roster) -> bool:
    """Whether somebody would fit a chat still, were it not for a denial."""
    denied = any(guardian_id == person for guardian_id, _ in roster.denials)
    return denied and fits(person, roster.open_chat(chat_id), roster.without_denials)


def _graduated(student_id: str, roster: Roster) -> bool:
    word = roster.holding(ATTENDANCE).get((student_id,))
    return word is not None and not word.value.at_school and word.value.reason == "graduated"


def _graduates_guardian(person: str, roster: Roster) -> bool:
    children = [student_id for student_id, _ in roster.children(person)]
    return bool(children) and all(_graduated(student_id, roster) for student_id in children)


def over_floor(counted_now: Counted, removed: Iterable[tuple[str, str]], guards: Guards) -> bool:
    """Whether so many leave, this plan and the last 24 hours together, that their share has to be looked at."""
    leaving = _leaving(counted_now, removed)
    persons = {person for of_chat in leaving.values() for person in of_chat}
    return len(persons) > guards.organisation.floor or any(
        len(of_chat) > guards.chat.floor for of_chat in leaving.values()
    )


def broken_limit(counted_now: Counted, seen: Seen, guards: Guards) -> str | None:
    """Which limit the counted removals break, in words: what it allows and what the plan would do; None if none."""
    leaving = _leaving(counted_now, seen.removed)
    persons = {person for of_chat in leaving.values() for person in of_chat}
    there = len(seen.everybody | {person for _, person in seen.removed})
    if guards.organisation.broken(len(persons), there):
        return f"organisation: {len(persons)} of {there} persons leave"
    for chat_id in sorted(set(counted_now.values())):
        removed = {person for chat, person in seen.removed if chat == chat_id}
        there = len(seen.by_chat.get(chat_id, frozenset()) | removed)
        if guards.chat.broken(len(leaving[chat_id]), there):
            return f"chat {chat_id}: {len(leaving[chat_id])} of {there} members leave"
    return None


def _leaving(counted_now: Counted, removed: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    leaving: dict[str, set[str]] = defaultdict(set)
    for change, chat_id in counted_now.items():
        leaving[chat_id].add(change.place.person_id)
    for chat_id, person in removed:
        leaving[chat_id].add(person)
    return leaving


def with_hold(made: Plan, held: Counted, hold_no: int) -> Plan:
    """The plan with those removals held: wanted, but for a person to decide."""
    return replace(
        made,
        places=tuple(
            replace(change, after=_held(change.after, hold_no)) if change in held else change for change in made.places
        ),
    )


def _held(place: Place | None, hold_no: int) -> Place | None:
    return replace(place, hold_no=hold_no) if place is not None else None
