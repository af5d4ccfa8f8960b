"""What is known of schools' rosters: the facts that an import is compared with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database.bulk import Bulk
from adapters.database.load.facts import StoredFacts
from adapters.database.schema import ties
from sync.facts import (
    ATTENDANCE,
    BLOCK,
    CLASS_NAME,
    CLASS_STATE,
    CLASS_YEAR,
    EMPLOYMENT,
    GROUP_ROSTER,
    GROUP_STATE,
    GROUP_TEACHER,
    GUARDIANSHIP,
    HOMEROOM,
    PERSON_NAMES,
    PLACEMENT,
    POSITION,
    REGISTRATION,
    Assertion,
    FactType,
    Key,
)
from sync.ids import OrganisationId, PersonId
from sync.timelines import holding, starts_after

IMPORTED = (
    REGISTRATION, PERSON_NAMES, EMPLOYMENT, POSITION, BLOCK, CLASS_STATE, CLASS_NAME, CLASS_YEAR, HOMEROOM,
    ATTENDANCE, PLACEMENT, GUARDIANSHIP, GROUP_STATE, GROUP_TEACHER, GROUP_ROSTER,
)  # fmt: skip


class KnownFact(NamedTuple):
    """The value that holds on a day, None where none does yet, and the source that last set it.

    `ahead` is what begins to hold later, as (day, value, source), earliest first.
    """

    value: Any
    source: str
    ahead: tuple[tuple[date, Any, str], ...] = ()


async def known_schools(
    connection: AsyncConnection, person_ids: Collection[PersonId], section_ids: Collection[str]
) -> set[OrganisationId]:
    """The schools that know any of these people, and those that ever had a class or a group of one of these ids."""
    bulk = Bulk(connection)
    tables = StoredFacts(bulk)
    schools = {row.organisation_id for row in await bulk.matching(ties, ("person_id",), [(k,) for k in person_ids])}
    for kind in (CLASS_STATE, GROUP_STATE):
        schools |= {
            assertion.key[0]
            for assertion in await tables.assertions(kind, kind.key[1:], [(key,) for key in section_ids])
        }
    return schools


async def known_facts(
    connection: AsyncConnection, organisation_ids: Collection[OrganisationId], day: date
) -> dict[FactType, dict[Key, KnownFact]]:
    """The facts of these schools that rosters speak of, as of a day."""
    tables, schools = StoredFacts(Bulk(connection)), [(key,) for key in organisation_ids]
    return {kind: _known(await tables.assertions(kind, ("organisation_id",), schools), day) for kind in IMPORTED}


def _known(assertions: Sequence[Assertion], day: date) -> dict[Key, KnownFact]:
    timelines: dict[Key, list[Assertion]] = defaultdict(list)
    for assertion in assertions:
        timelines[assertion.key].append(assertion)
    return {key: _fact(timeline, day) for key, timeline in timelines.items()}


def _fact(timeline: Sequence[Assertion], day: date) -> KnownFact:
    now = holding(timeline, day)
    later = [(start, holding(timeline, start)) for start in sorted(set(starts_after(timeline, day)))]
    ahead = tuple(
        (start, assertion.value, assertion.version.source) for start, assertion in later if assertion is not None
    )
    if now is None:
        return KnownFact(None, ahead[0][2], ahead)
    return KnownFact(now.value, now.version.source, ahead)
