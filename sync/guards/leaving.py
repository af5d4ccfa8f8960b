"""Which removals of a plan guards count, and which they do not, such as those about a single child."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sync.denials import denied_since
from sync.facts import ATTENDANCE, EMPLOYMENT, PLACEMENT, POSITION
from sync.guards.kinds import kinds_by_reasons, kinds_ever
from sync.guards.moving import is_left_behind, moves_over
from sync.ids import NO_EVENT, ChatId, EventNo, PersonId
from sync.plan import PlaceChange, Plan
from sync.planning_scope import PlanningScope
from sync.roster import Roster
from sync.rules import BY_HAND, GUARDIAN, STUDENT, fits, tie_of


class Removed(NamedTuple):
    """A removal that guards count; `kinds`: the kinds of people the person belonged to in the chat, sorted."""

    chat_id: ChatId
    person_id: PersonId
    kinds: tuple[str, ...]


Counted = dict[PlaceChange, Removed]


def counted(made: Plan, scope: PlanningScope) -> Counted:
    """The removals of a plan that guards count: of persons seen on the platform who join no other chat by it."""
    joining = {change.place.person_id for change in made.places if change.enters and not moves_over(change, scope)}
    return {
        change: removed_by(change, scope)
        for change in made.places
        if change.place.person_id not in joining and may_be_a_mistake(change, scope)
    }


def removed_by(change: PlaceChange, scope: PlanningScope) -> Removed:
    person = change.place.person_id
    by_hand = not change.lost or any(tie_of(reason) == BY_HAND for reason in change.lost)
    kinds = kinds_by_reasons(change.lost) | (kinds_ever(person, scope.roster) if by_hand else set())
    return Removed(scope.rooms[change.place.room_no].chat_id, person, tuple(sorted(kinds)))


def may_be_a_mistake(change: PlaceChange, scope: PlanningScope) -> bool:
    """Whether a person seen in a chat is removed from it for a reason that may be a mistake: not after leaving by
    themselves, after an event about a single child, by graduating, or because the chat was deleted or moved.
    """
    if not change.leaves or change.before is None or not change.before.seen:
        return False
    room = scope.rooms[change.place.room_no]
    person, chat_id, account = change.place.person_id, room.chat_id, scope.account(change.place.person_id, room)
    if account is None or account.external_user_id != change.place.account or is_left_behind(change, scope):
        return False
    if scope.roster.is_deleted(chat_id) or scope.roster.blocked(person) is not None:
        return False
    if not change.lost:  # the removal was rejected once
        last, apart = _last_end(person, scope.roster)
        graduated = apart and last > change.before.cause_no
        return not (graduated or denied_since(person, chat_id, change.before.cause_no, scope.roster))
    return not all(_ended_apart(person, reason, chat_id, scope.roster) for reason in change.lost)


def _ended_apart(person: PersonId, reason: str, chat_id: ChatId, roster: Roster) -> bool:
    """Whether a reason ended by a denial or by graduating."""
    tie = tie_of(reason)
    if tie == GUARDIAN:
        student_id = PersonId(reason.partition(":")[2])
        return (person, student_id) in roster.denials or _graduated(student_id, roster)
    if tie == STUDENT:
        return _graduated(person, roster)
    if tie != BY_HAND or fits(person, roster.open_chat(chat_id), roster):
        return False
    return _last_end(person, roster)[1]


def _last_end(person: PersonId, roster: Roster) -> tuple[EventNo, bool]:
    return max(_ends(person, roster), default=(NO_EVENT, False))


def _ends(person: PersonId, roster: Roster) -> Iterator[tuple[EventNo, bool]]:
    """How each tie of a person to the school ended: by which event, and whether by a denial or by graduating."""
    for student_id, guardianship in roster.wards(person):
        denial = roster.denials.get((person, student_id))
        if denial is not None:
            yield denial.event_no, True
        elif not guardianship.value.assigned:
            yield guardianship.event_no, False
        elif roster.enrolled(student_id) is None:
            yield _end_of_studies(student_id, roster)
    if (person,) in roster.holding(PLACEMENT) and roster.enrolled(person) is None:
        yield _end_of_studies(person, roster)
    if (person,) in roster.holding(POSITION) and roster.employed(person) is None:
        yield roster.holding(EMPLOYMENT)[(person,)].event_no, False


def _end_of_studies(student_id: PersonId, roster: Roster) -> tuple[EventNo, bool]:
    attendance = roster.holding(ATTENDANCE).get((student_id,))
    return (attendance.event_no if attendance is not None else NO_EVENT), _graduated(student_id, roster)


def _graduated(student_id: PersonId, roster: Roster) -> bool:
    assertion = roster.holding(ATTENDANCE).get((student_id,))
    return assertion is not None and not assertion.value.at_school and assertion.value.reason == "graduated"
