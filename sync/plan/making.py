"""Making the plan of one school, from its scope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sync.desired import Desired, desired_of_person
from sync.ids import ChatId, PersonId
from sync.plan import PlaceChange, Plan
from sync.plan.places import changes_of_person
from sync.plan.rooms import DesiredOfScope, room_changes
from sync.planning_scope import PlanningScope
from sync.titles import Titles
from sync.wanted import wanted_places


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings that planning looks at."""

    titles: Titles = field(default_factory=Titles)
    keep_on_unlink: bool = False


def desired_of_persons(scope: PlanningScope, persons: Iterable[PersonId]) -> dict[PersonId, Mapping[ChatId, Desired]]:
    return {person: desired_of_person(person, scope.roster) for person in persons}


def changes_of_persons(
    scope: PlanningScope, persons: Iterable[PersonId], desired: DesiredOfScope, policy: Policy, now: datetime
) -> dict[PersonId, list[PlaceChange]]:
    """The changes for some of the scope's persons, by person. The scope already contains the rooms that had to be
    opened.
    """
    changes = {}
    for person in persons:
        wanted = wanted_places(person, desired[person], scope, now, keep_on_unlink=policy.keep_on_unlink)
        changes[person] = list(changes_of_person(person, wanted, desired[person], scope, now))
    return changes


def plan_of(scope: PlanningScope, changes: Mapping[PersonId, Iterable[PlaceChange]], titles: Titles) -> Plan:
    """The changes of all the scope's persons, and those of its rooms, as the plan of the school."""
    places = tuple(change for person in sorted(changes) for change in changes[person])
    return Plan(scope.organisation_id, room_changes(scope, places, titles), places)
