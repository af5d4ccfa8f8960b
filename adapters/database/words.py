"""Words of facts and their rows: one form for all kinds, made from the kinds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.database.tables import FACTS
from sync.facts import Kind, Word
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
