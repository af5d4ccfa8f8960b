"""Memberships that ended because the person, or the child, left the school. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sync.desired import desired_of_person
from sync.ids import ChatId, EventNo, PersonId
from sync.roster import Roster
from sync.rules import GUARDIAN, Reason, tie_of


def ended_by_leaving(person: PersonId, roster: Roster) -> Mapping[ChatId, EventNo]:
    """The number of the event of leaving, by chat that the person is no longer desired in."""
    who = [person, *(student for student, _ in roster.children(person))]
    if not any(list(roster.left(each)) for each in who):  # nearly always; to ask all rules again takes long
        return {}
    is_in = desired_of_person(person, roster)
    former = desired_of_person(person, roster.without_leaving)
    ended = {chat_id: set(_leaving(person, of_chat.reasons, roster)) for chat_id, of_chat in former.items()}
    return {chat_id: max(events) for chat_id, events in ended.items() if events and chat_id not in is_in}


def _leaving(person: PersonId, reasons: Iterable[Reason], roster: Roster) -> Iterator[EventNo]:
    for reason in reasons:
        guarded = tie_of(reason.reason) == GUARDIAN
        who = PersonId(reason.reason.partition(":")[2]) if guarded else person
        yield from (assertion.event_no for assertion in roster.left(who))
