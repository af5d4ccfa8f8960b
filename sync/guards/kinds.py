"""Kinds of people, by their reasons for being in chats or by the facts known about them."""

from __future__ import annotations

from collections.abc import Iterable

from sync.facts import PLACEMENT, POSITION
from sync.ids import PersonId
from sync.roster import Roster
from sync.rules import EMPLOYEE, GUARDIAN, STUDENT, TIES, tie_of

STAFF, STUDENTS, GUARDIANS = "staff", "students", "guardians"
KINDS = (STAFF, STUDENTS, GUARDIANS)

_OF_TIE = {EMPLOYEE: STAFF, STUDENT: STUDENTS, GUARDIAN: GUARDIANS}

# The names of the reasons by which somebody counts as a kind.
REASONS = {kind: tuple(reason for reason, tie in TIES.items() if _OF_TIE.get(tie) == kind) for kind in KINDS}


def kinds_of(ties: Iterable[str]) -> set[str]:
    """The kinds of ties; a tie by hand implies no kind."""
    return {_OF_TIE[tie] for tie in ties if tie in _OF_TIE}


def kinds_by_reasons(reasons: Iterable[str]) -> set[str]:
    return kinds_of(map(tie_of, reasons))


def kinds_ever(person: PersonId, roster: Roster) -> set[str]:
    """The kinds that a person has ever belonged to in a school."""
    known = {STAFF: (person,) in roster.holding(POSITION), STUDENTS: (person,) in roster.holding(PLACEMENT)}
    return {kind for kind, said in known.items() if said} | ({GUARDIANS} if roster.wards(person) else set())
