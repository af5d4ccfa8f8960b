"""The tables of facts: one for each fact type, made from it."""

from __future__ import annotations

import types
from typing import Any, NewType, get_args, get_origin, get_type_hints

from sqlalchemy import Boolean, Column, Index, Table, text

from adapters.database.schema.metadata import metadata
from adapters.database.types import Code, Day, Ids, Instant, Number
from sync.facts import (
    CHAT_STATE,
    DENIAL,
    FACT_TYPES,
    GROUP_STATE,
    GROUP_TEACHER,
    GUARDIANSHIP,
    HAND_PICK,
    HOMEROOM,
    PLACEMENT,
    FactType,
)


def _column_type(hint: Any) -> Any:
    if types.NoneType in get_args(hint):
        [hint] = [kind for kind in get_args(hint) if kind is not types.NoneType]
    if isinstance(hint, NewType):
        hint = hint.__supertype__
    return {bool: Boolean(), str: Code, tuple: Ids()}[get_origin(hint) or hint]


def _fact_table(kind: FactType) -> Table:
    """The assertions of one kind of fact. A source has at most one assertion of a fact for a starting day."""
    hints = get_type_hints(kind.value)
    return Table(
        kind.name,
        metadata,
        *(Column(name, Code, primary_key=True) for name in kind.key),
        Column("source", Code, primary_key=True),
        Column("effective_on", Day, primary_key=True),
        Column("sequence", Code),
        Column("time", Instant, nullable=False),
        Column("event_id", Code, nullable=False),
        Column("event_no", Number, nullable=False),
        *(Column(name, _column_type(hints[name])) for name in kind.value._fields),
    )


FACTS = {kind: _fact_table(kind) for kind in FACT_TYPES}


def _index(kind: FactType, column: str) -> None:
    """Finds the assertions of a school that name somebody or something other than by their key."""
    table = FACTS[kind]
    Index(f"ix_{kind.name}_{column}", table.c.organisation_id, table.c[column])


_index(PLACEMENT, "class_id")
_index(GUARDIANSHIP, "student_id")
_index(DENIAL, "student_id")
_index(HOMEROOM, "employee_id")
_index(GROUP_STATE, "class_id")
_index(GROUP_TEACHER, "employee_id")
_index(CHAT_STATE, "group_id")
_index(HAND_PICK, "person_id")

for _kind in FACT_TYPES:
    Index(
        f"ix_{_kind.name}_effective_on",
        FACTS[_kind].c.organisation_id,
        FACTS[_kind].c.effective_on,
        postgresql_where=text("effective_on > '0001-01-01'"),
        sqlite_where=text("effective_on > '0001-01-01'"),
    )

# Which groups have ever named a student; never taken back, so it only says where to look.
group_mentions = Table(
    "group_mentions",
    metadata,
    Column("organisation_id", Code, primary_key=True),
    Column("student_id", Code, primary_key=True),
    Column("group_id", Code, primary_key=True),
    Index("ix_group_mentions_group_id", "organisation_id", "group_id"),
)
