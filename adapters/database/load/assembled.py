"""Rows of many schools put together: a planning scope for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from adapters.database.load.facts import Pair
from adapters.database.load.gathering import Gathered
from adapters.database.portions import portions
from adapters.database.rows import place_of
from sync.accounts import Account
from sync.ids import ChatId, OrganisationId, PersonId
from sync.places import Place
from sync.planning_scope import Cause, PlanningScope
from sync.roster import Roster
from sync.school_years import Reached


class Accounts(NamedTuple):
    """A school's platform, its people's accounts there, and those on other platforms."""

    platform: str
    own: Mapping[PersonId, Account]
    others: Mapping[str, Mapping[PersonId, Account]]


ROWS_AT_ONCE = 500  # some 3 ms


async def places_of(rows: Sequence[Any]) -> dict[OrganisationId, dict[PersonId, list[Place]]]:
    """The places of these rows, by school and person."""
    found: dict[OrganisationId, dict[PersonId, list[Place]]] = defaultdict(lambda: defaultdict(list))
    async for some in portions(rows, ROWS_AT_ONCE):
        for row in some:
            found[row.organisation_id][row.person_id].append(place_of(row))
    return found


def assembled(
    gathered: Gathered,
    rosters: Mapping[OrganisationId, Roster],
    studying: Iterable[Pair],
    *,
    standing: Mapping[OrganisationId, Mapping[PersonId, Sequence[Place]]],
    accounts: Mapping[OrganisationId, Accounts],
    moved: Iterable[Pair],
    reached: Sequence[Any],
) -> dict[OrganisationId, PlanningScope]:
    causes: dict[OrganisationId, dict[PersonId, Cause]] = defaultdict(dict)
    for (school, person), cause in gathered.causes.items():
        causes[school][person] = cause
    chats_of: dict[OrganisationId, set[ChatId]] = defaultdict(set)
    for school, chat_id in gathered.chats:
        chats_of[school].add(chat_id)
    students: dict[OrganisationId, set[PersonId]] = defaultdict(set)
    for school, student in studying:
        students[school].add(student)
    moved_of: dict[OrganisationId, set[str]] = defaultdict(set)
    for school, chat_id in moved:
        moved_of[school].add(chat_id)
    reached_of: dict[OrganisationId, dict[PersonId, Reached]] = defaultdict(dict)
    for row in reached:
        reached_of[row.organisation_id][row.student_id] = Reached(*row[1:])
    return {
        school: PlanningScope(
            school,
            rosters[school],
            causes[school],
            chats_of[school],
            accounts[school].own if school in accounts else {},
            standing.get(school, {}),
            students[school],
            reached_of[school],
            {person for of, person in gathered.retried if of == school},
            platform=accounts[school].platform if school in accounts else "",
            other_accounts=accounts[school].others if school in accounts else {},
            moved=moved_of[school],
        )
        for school in sorted(gathered.schools)
    }
