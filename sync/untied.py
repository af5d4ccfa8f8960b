"""Accounts held by who has left every school: whoever needs one is not to wait for its former person. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import NamedTuple

from sync.accounts import Account
from sync.facts import ATTENDANCE, EMPLOYMENT, PLACEMENT, POSITION
from sync.ids import AccountId, OrganisationId, PersonId
from sync.planning_scope import PlanningScope
from sync.roster import Roster
from sync.rules import ties


class Claim(NamedTuple):
    """Somebody tied to a school whose account another person holds."""

    organisation_id: OrganisationId
    person_id: PersonId


@dataclass(frozen=True, slots=True)
class Unlinking:
    """What we say of a former holder. The same history gives the same event: said twice it is a duplicate."""

    person_id: PersonId
    provider: str
    source: str
    time: datetime

    @property
    def event_id(self) -> str:
        said = "\0".join((self.person_id, self.provider, self.time.isoformat()))
        return f"untied-{sha256(said.encode()).hexdigest()[:32]}"


def claims_of(scope: PlanningScope) -> list[PersonId]:
    """Those of the persons planned who are tied to the school and whose account another person holds."""
    return [
        person
        for person in scope.causes
        if (account := scope.accounts.get(person)) is not None
        and account.held_by_another
        and any(ties(person, scope.roster))
    ]


def holder_of(account: AccountId, accounts: Mapping[PersonId, Account]) -> PersonId | None:
    """Who holds an account, of all who are linked to it."""
    return next(
        (person for person, each in accounts.items() if each.external_user_id == account and not each.held_by_another),
        None,
    )


def has_left(person_id: PersonId, rosters: Collection[Roster]) -> bool:
    """Whether a person was tied to one of these schools, is to none, and is announced to none. Of who is blocked or
    denied a child it is not said: that account goes to nobody unless a person says so.
    """
    return (
        any(_was_tied(person_id, roster) for roster in rosters)
        and not any(roster.blocked(person_id) or roster.denied.get(person_id) for roster in rosters)
        and not any(_is_or_will_be_tied(person_id, roster) for roster in rosters)
    )


def _was_tied(person_id: PersonId, roster: Roster) -> bool:
    """A class or a position stays known when somebody leaves; so do the students somebody was guardian of."""
    placed = roster.holding(PLACEMENT)
    own = (person_id,) in placed or (person_id,) in roster.holding(POSITION)
    return own or any((student,) in placed for student, _ in roster.wards(person_id))


def _is_or_will_be_tied(person_id: PersonId, roster: Roster) -> bool:
    days = {roster.day, *_days_ahead(person_id, roster)}
    return any(any(ties(person_id, roster if day == roster.day else roster.on(day))) for day in days)


def _days_ahead(person_id: PersonId, roster: Roster) -> Iterator[date]:
    for kind in (EMPLOYMENT, POSITION):
        yield from roster.changes_ahead(kind, (person_id,))
    for student in (person_id, *(ward for ward, _ in roster.wards(person_id))):
        for kind in (ATTENDANCE, PLACEMENT):
            yield from roster.changes_ahead(kind, (student,))
