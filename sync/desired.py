"""Who should be in which chat today and why: reasons less exclusions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from sync.facts import Assertion
from sync.ids import ChatId, EventNo, PersonId
from sync.roster import Roster
from sync.rules import ADMIN, BY_HAND, GUARDIAN, MEMBER, RULES, Reason, chat_administrators, tie_of, ties

BLOCKED, EXCLUDED_BY_HAND, DENIED, NOT_FOR_THIS_CHAT = "blocked", "excluded_by_hand", "denied", "not_for_this_chat"


class Desired(NamedTuple):
    """A membership that should be: the highest role of its reasons; the reasons sorted by name, one each."""

    role: str
    reasons: tuple[Reason, ...]


class Exclusion(NamedTuple):
    """What keeps a person out of a chat; `cause` numbers the event that said so."""

    exclusion: str
    cause: EventNo


def desired_of_person(person: PersonId, roster: Roster) -> Mapping[ChatId, Desired]:
    """The chats one person should be in, by chat id."""
    if roster.blocked(person) is not None:
        return {}
    return _by_chat(reason for reason in reasons_less_picks(person, roster))


def reasons_less_picks(person: PersonId, roster: Roster) -> Iterator[Reason]:
    """All reasons of a person except in chats that they were excluded from by hand, which does not override R8."""
    excluded = {chat_id for chat_id, _ in roster.picks(person, "excluded")}
    for rule in RULES:
        for reason in rule(person, roster):
            if rule is chat_administrators or reason.chat_id not in excluded:
                yield reason


def _by_chat(reasons: Iterable[Reason]) -> dict[ChatId, Desired]:
    grouped: dict[ChatId, dict[tuple[str, str], Reason]] = defaultdict(dict)
    for reason in reasons:
        grouped[reason.chat_id].setdefault((reason.reason, reason.role), reason)
    return {chat_id: _desired(of_chat.values()) for chat_id, of_chat in grouped.items()}


def _desired(reasons: Iterable[Reason]) -> Desired:
    ordered = tuple(sorted(reasons, key=lambda reason: (reason.reason, reason.role)))
    return Desired(ADMIN if any(reason.role == ADMIN for reason in ordered) else MEMBER, ordered)


def desired_of_school(persons: Iterable[PersonId], roster: Roster) -> dict[ChatId, dict[PersonId, Desired]]:
    """The desired members of every open chat, by chat and person. For whole schools: reconciling, forecasts, laws."""
    members: dict[ChatId, dict[PersonId, Desired]] = {chat_id: {} for chat_id in roster.open_chats()}
    for person in persons:
        for chat_id, desired in desired_of_person(person, roster).items():
            members[chat_id][person] = desired
    return members


def exclusions_of_person(person: PersonId, roster: Roster) -> dict[ChatId, list[Exclusion]]:
    """What keeps a person out of open chats that they have a reason for, or were picked into or out of."""
    is_in = desired_of_person(person, roster)
    held = _reasons_by_chat(person, roster)
    undenied = _reasons_by_chat(person, roster.without_denials) if person in roster.denied else held
    picks = {chat_id: assertion for pick in ("added", "excluded") for chat_id, assertion in roster.picks(person, pick)}
    kept_out = {}
    for chat_id in sorted(undenied.keys() | {chat_id for chat_id in picks if roster.open_chat(chat_id)}):
        if chat_id not in is_in:
            reasons = held.get(chat_id, set()), undenied.get(chat_id, set())
            kept_out[chat_id] = list(_exclusions(person, roster, picks.get(chat_id), *reasons))
    return kept_out


def _reasons_by_chat(person: PersonId, roster: Roster) -> dict[ChatId, set[str]]:
    by_chat: dict[ChatId, set[str]] = defaultdict(set)
    for rule in RULES:
        for reason in rule(person, roster):
            by_chat[reason.chat_id].add(reason.reason)
    return by_chat


def _exclusions(
    person: PersonId, roster: Roster, pick: Assertion | None, held: set[str], undenied: set[str]
) -> Iterator[Exclusion]:
    block = roster.blocked(person)
    if block is not None:
        yield Exclusion(BLOCKED, block.event_no)
    if pick is not None and pick.value.pick == "excluded":
        yield Exclusion(EXCLUDED_BY_HAND, pick.event_no)
    if held != undenied:
        yield Exclusion(DENIED, max(assertion.event_no for assertion in roster.denied[person]))
    if pick is not None and pick.value.pick == "added" and "added_by_hand" not in undenied:
        yield Exclusion(NOT_FOR_THIS_CHAT, pick.event_no)


def is_leaver(person: PersonId, lost: Iterable[str], roster: Roster) -> bool:
    """Whether somebody who loses these reasons leaves the school by it: expelled, dismissed, denied, blocked.

    Who only moves (another class, another group, another duty) is not a leaver.
    """
    if roster.blocked(person) is not None:
        return True
    tied = set(ties(person, roster))
    return any(_ground_gone(person, reason, tied, roster) for reason in lost)


def _ground_gone(person: PersonId, reason: str, tied: set[str], roster: Roster) -> bool:
    tie = tie_of(reason)
    if tie == BY_HAND:
        return not tied
    if tie == GUARDIAN:
        student_id = PersonId(reason.partition(":")[2])
        return roster.enrolled(student_id) is None or (person, student_id) in roster.denials
    return tie not in tied
