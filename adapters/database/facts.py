"""Facts in their tables: one reader and one writer for all kinds, made from the kinds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Column, FromClause, Select, Table, func, select, union_all

from adapters.database.session import Session
from adapters.database.tables import FACTS, group_mentions
from adapters.database.types import Day
from sync.facts import GROUP_ROSTER, KINDS, REGISTRATION, Kind, Word
from sync.ports.roster import Fact
from sync.timelines import Timeline
from sync.versions import Version

STAMP = ("source", "effective_on", "sequence", "time", "event_id", "event_no")


def columns_of(kind: Kind) -> tuple[str, ...]:
    """The columns of a kind's table, in the order of a word's row."""
    return tuple(column.name for column in FACTS[kind].columns)


def word_of(kind: Kind, row: Sequence[Any]) -> Word:
    keys = len(kind.key)
    source, effective_on, sequence, time, event_id, event_no = row[keys : keys + len(STAMP)]
    value = kind.value(*row[keys + len(STAMP) :])
    return Word(kind, tuple(row[:keys]), value, effective_on, Version(source, sequence, time, event_id), event_no)


def row_of(word: Word) -> tuple[Any, ...]:
    version = word.version
    stamp = (version.source, word.effective_on, version.sequence, version.time, version.event_id, word.event_no)
    return (*word.key, *stamp, *word.value)


def _place_in_table(word: Word) -> tuple[Any, ...]:
    return (*word.key, word.version.source, word.effective_on)


class FactTables(Session):
    async def words(self, kind: Kind, columns: Sequence[str], keys: Iterable[Sequence[Any]]) -> list[Word]:
        """The words of a kind whose columns have one of the given values."""
        return [word_of(kind, row) for row in await self.matching(FACTS[kind], columns, keys)]

    async def timelines(self, facts: Collection[Fact]) -> dict[Fact, Timeline]:
        by_kind: dict[Kind, list[tuple[str, ...]]] = defaultdict(list)
        for kind, key in facts:
            by_kind[kind].append(key)
        found: dict[Fact, list[Word]] = defaultdict(list)
        for kind, keys in by_kind.items():
            for word in await self.words(kind, kind.key, keys):
                found[kind, word.key].append(word)
        return {fact: tuple(words) for fact, words in found.items()}

    async def write_timelines(self, changes: Mapping[Fact, tuple[Timeline, Timeline]]) -> None:
        came: dict[Kind, dict[tuple[Any, ...], Word]] = defaultdict(dict)
        went: dict[Kind, dict[tuple[Any, ...], Word]] = defaultdict(dict)
        for (kind, _), (before, after) in changes.items():
            kept = set(map(_place_in_table, after))
            went[kind] |= {_place_in_table(word): word for word in before if _place_in_table(word) not in kept}
            came[kind] |= {_place_in_table(word): word for word in after if word not in before}
        for kind, words in went.items():
            await self.delete(FACTS[kind], (*kind.key, "source", "effective_on"), words.keys())
        for kind, words in came.items():
            data = [row_of(words[key]) for key in sorted(words)]
            columns = columns_of(kind)
            await self.insert(FACTS[kind], columns, data, update=columns[len(kind.key) + 2 :])
        await self._mention(word for word in came[GROUP_ROSTER].values())

    async def _mention(self, rosters: Iterable[Word]) -> None:
        mentions = {
            (word.key[0], student_id, word.key[1]) for word in rosters for student_id in word.value.student_ids or ()
        }
        await self.insert(group_mentions, ("organisation_id", "student_id", "group_id"), sorted(mentions))

    async def starting(self, rolls: Mapping[str, tuple[date, date]]) -> dict[Fact, Timeline]:
        facts: set[Fact] = set()
        for kind in KINDS:
            facts |= {(kind, tuple(row)) for row in await self.fetch(self._keys_starting(kind, rolls))}
        return await self.timelines(facts)

    def _given_spans(self, spans: Mapping[str, tuple[date, date]]) -> Any:
        names = [FACTS[REGISTRATION].c.organisation_id, Column("after", Day), Column("until", Day)]
        return self.rows(names, [(key, *span) for key, span in spans.items()])

    def _keys_starting(self, kind: Kind, rolls: Mapping[str, tuple[date, date]]) -> Select[Any]:
        table, given = FACTS[kind], self._given_spans(rolls)
        starts = (
            (table.c.organisation_id == given.c.organisation_id)
            & (table.c.effective_on > given.c.after)
            & (table.c.effective_on <= given.c.until)
        )
        return select(*(table.c[name] for name in kind.key)).select_from(given).join(table, starts)

    async def next_starts(self, after: Mapping[str, date]) -> dict[str, date]:
        school, day = FACTS[REGISTRATION].c.organisation_id, Column("day", Day)
        asked = [school, Column("after", Day)]
        return dict(await self.ask(("next starts",), asked, list(after.items()), _next_starts, [school, day]))


def _next_starts(given: FromClause) -> Select[Any]:
    every = union_all(*(_next_of(FACTS[kind], given) for kind in KINDS)).subquery()
    first = func.min(every.c.day, type_=Day())
    return select(every.c.organisation_id, first.label("day")).group_by(every.c.organisation_id)


def _next_of(table: Table, given: FromClause) -> Select[Any]:
    later = (table.c.organisation_id == given.c.organisation_id) & (table.c.effective_on > given.c.after)
    first = func.min(table.c.effective_on).label("day")
    return select(given.c.organisation_id, first).join(table, later).group_by(given.c.organisation_id)
