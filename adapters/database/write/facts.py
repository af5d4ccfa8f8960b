"""Facts in their tables: one writer for all kinds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from adapters.database.bulk import Bulk
from adapters.database.tables import FACTS, group_mentions
from adapters.database.words import columns_of, row_of
from sync.facts import GROUP_ROSTER, Kind, Word
from sync.ports.facts import Fact
from sync.timelines import Timeline


class FactTables:
    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    async def write(self, changes: Mapping[Fact, tuple[Timeline, Timeline]]) -> None:
        """Writes timelines, given as before and after. A source has one word of a fact for each day."""
        came: dict[Kind, dict[tuple[Any, ...], Word]] = defaultdict(dict)
        went: dict[Kind, dict[tuple[Any, ...], Word]] = defaultdict(dict)
        for (kind, _), (before, after) in changes.items():
            kept = set(map(_place_in_table, after))
            went[kind] |= {_place_in_table(word): word for word in before if _place_in_table(word) not in kept}
            came[kind] |= {_place_in_table(word): word for word in after if word not in before}
        for kind, words in went.items():
            await self._bulk.delete(FACTS[kind], (*kind.key, "source", "effective_on"), sorted(words))
        for kind, words in came.items():
            data = [row_of(words[key]) for key in sorted(words)]
            columns = columns_of(kind)
            await self._bulk.insert(FACTS[kind], columns, data, update=columns[len(kind.key) + 2 :])
        await self._mention(came[GROUP_ROSTER].values())

    async def _mention(self, rosters: Iterable[Word]) -> None:
        mentions = {
            (word.key[0], student_id, word.key[1]) for word in rosters for student_id in word.value.student_ids or ()
        }
        await self._bulk.insert(group_mentions, ("organisation_id", "student_id", "group_id"), sorted(mentions))


def _place_in_table(word: Word) -> tuple[Any, ...]:
    return (*word.key, word.version.source, word.effective_on)
