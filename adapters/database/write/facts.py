"""Facts in their tables: one writer for all kinds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from adapters.database.assertions import columns_of, row_of
from adapters.database.bulk import Bulk
from adapters.database.portions import portions
from adapters.database.schema import FACTS, group_mentions
from sync.facts import GROUP_ROSTER, Assertion, FactType
from sync.ports.facts import Fact
from sync.timelines import Timeline

FACTS_AT_ONCE = 1_000  # some 5 ms


class FactTables:
    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    async def write(self, changes: Mapping[Fact, tuple[Timeline, Timeline]]) -> None:
        """Writes timelines, given as before and after. A source has one assertion of a fact for each day."""
        came: dict[FactType, dict[tuple[Any, ...], Assertion]] = defaultdict(dict)
        went: dict[FactType, dict[tuple[Any, ...], Assertion]] = defaultdict(dict)
        async for some in portions(list(changes.items()), FACTS_AT_ONCE):
            for (kind, _), (before, after) in some:
                kept = set(map(_place_in_table, after))
                went[kind] |= {key: each for each in before if (key := _place_in_table(each)) not in kept}
                came[kind] |= {_place_in_table(each): each for each in after if each not in before}
        for kind, assertions in went.items():
            await self._bulk.delete(FACTS[kind], (*kind.key, "source", "effective_on"), sorted(assertions))
        for kind, assertions in came.items():
            data = [row_of(assertions[key]) for key in sorted(assertions)]
            columns = columns_of(kind)
            await self._bulk.insert(FACTS[kind], columns, data, update=columns[len(kind.key) + 2 :])
        await self._mention(came[GROUP_ROSTER].values())

    async def _mention(self, rosters: Iterable[Assertion]) -> None:
        mentions = {
            (assertion.key[0], student_id, assertion.key[1])
            for assertion in rosters
            for student_id in assertion.value.student_ids or ()
        }
        await self._bulk.insert(group_mentions, ("organisation_id", "student_id", "group_id"), sorted(mentions))


def _place_in_table(assertion: Assertion) -> tuple[Any, ...]:
    return (*assertion.key, assertion.version.source, assertion.effective_on)
