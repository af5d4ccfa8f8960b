"""Facts as they are stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Column, FromClause, Select, Table, func, literal_column, select, union_all

from adapters.database.assertions import assertion_of
from adapters.database.bulk import Bulk
from adapters.database.schema import FACTS, group_mentions, ties
from adapters.database.types import Day
from sync.facts import FACT_TYPES, REGISTRATION, Assertion, FactType
from sync.ids import OrganisationId

ORGANISATION = "organisation_id"

Pair = tuple[OrganisationId, Any]  # the second: an id of any kind of entity


class StoredFacts:
    """Asks the tables of facts, all of whose keys begin with the school."""

    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    async def assertions(
        self, kind: FactType, columns: Sequence[str], keys: Iterable[Sequence[Any]]
    ) -> list[Assertion]:
        """The assertions of a kind whose columns, the school first, have one of the given values."""
        return [assertion_of(kind, row) for row in await self._bulk.matching(FACTS[kind], columns, keys)]

    async def tied(self, schools: Iterable[OrganisationId]) -> list[Pair]:
        """Everybody whom the schools know, as (organisation, person)."""
        rows = await self._bulk.matching(ties, (ORGANISATION,), [(school,) for school in schools])
        return [(row.organisation_id, row.person_id) for row in rows]

    async def known_ties(self, pairs: Iterable[Pair]) -> set[Pair]:
        """Those of the (organisation, person) that are tied already."""
        return {tuple(row) for row in await self._bulk.matching(ties, (ORGANISATION, "person_id"), pairs)}

    async def mentions(self, column: str, keys: Iterable[Pair]) -> list[tuple[OrganisationId, Any, Any]]:
        """Which groups have ever named which students, as (organisation, student, group): of these `student_id` or
        `group_id`.
        """
        rows = await self._bulk.matching(group_mentions, (ORGANISATION, column), keys)
        return [(row.organisation_id, row.student_id, row.group_id) for row in rows]

    async def mentions_of_schools(self, schools: Iterable[OrganisationId]) -> list[tuple[OrganisationId, Any, Any]]:
        rows = await self._bulk.matching(group_mentions, (ORGANISATION,), [(school,) for school in schools])
        return [(row.organisation_id, row.student_id, row.group_id) for row in rows]

    async def starting(
        self, rolls: Mapping[OrganisationId, tuple[date, date]]
    ) -> set[tuple[FactType, tuple[str, ...]]]:
        """The facts of which an assertion starts in (after, until], by school."""
        of = [FACTS[REGISTRATION].c.organisation_id, AFTER, UNTIL]
        spans = [(school, *span) for school, span in rolls.items()]
        return {
            (kind, tuple(row))
            for kind in FACT_TYPES
            for row in await self._bulk.ask(Starting(kind), of, spans, [FACTS[kind].c[name] for name in kind.key])
        }

    async def next_starts(self, after: Mapping[OrganisationId, date]) -> dict[OrganisationId, date]:
        """The first day later than the given one on which an assertion starts, by school; none: not in it."""
        school = FACTS[REGISTRATION].c.organisation_id
        return dict(
            await self._bulk.ask(_next_starts, [school, AFTER], list(after.items()), [school, Column("day", Day)])
        )


AFTER, UNTIL = Column("after", Day), Column("until", Day)


class Starting:
    """The statement that finds the facts of a kind in which something starts."""

    def __init__(self, kind: FactType) -> None:
        self.kind = kind

    def __hash__(self) -> int:
        return hash(self.kind)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Starting) and other.kind is self.kind

    def __call__(self, given: FromClause) -> Select[Any]:
        table = FACTS[self.kind]
        starts = (
            (table.c.organisation_id == given.c.organisation_id)
            & (table.c.effective_on > given.c.after)
            & (table.c.effective_on <= given.c.until)
            & _dated(table)
        )
        return select(*(table.c[name] for name in self.kind.key)).select_from(given).join(table, starts)


def _next_starts(given: FromClause) -> Select[Any]:
    every = union_all(*(_next_of(FACTS[kind], given) for kind in FACT_TYPES)).subquery()
    first = func.min(every.c.day, type_=Day())
    return select(every.c.organisation_id, first.label("day")).group_by(every.c.organisation_id)


def _next_of(table: Table, given: FromClause) -> Select[Any]:
    later = (
        (table.c.organisation_id == given.c.organisation_id) & (table.c.effective_on > given.c.after) & _dated(table)
    )
    first = func.min(table.c.effective_on).label("day")
    return (
        select(given.c.organisation_id, first).select_from(given.join(table, later)).group_by(given.c.organisation_id)
    )


def _dated(table: Table) -> Any:
    """The condition of the index of what starts on a day: `AT_ONCE` is not one."""
    return table.c.effective_on > literal_column("'0001-01-01'")
