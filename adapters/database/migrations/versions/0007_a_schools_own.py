"""Classes, groups and chats belong to their school; admissions and moves, and each school's names, are facts apart

What the new facts say is told anew from the inbox, school by school: the old ones had put away what matters now (an
expulsion before a transfer, another school's names). Whoever is at a school now and was not, or the reverse, is left
to be planned, and so is whatever several schools claimed; everybody else stays as planned.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from alembic import op

from adapters.database import types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

AT_ONCE = date.min
STAMP = ("source", "effective_on", "sequence", "time", "event_id", "event_no")


class Told(NamedTuple):
    """What an event says of one fact."""

    table: str
    key: tuple[str, ...]
    value: tuple[Any, ...]


KEYS = {
    "attendances": ("organisation_id", "student_id"),
    "placements": ("organisation_id", "student_id"),
    "employments": ("organisation_id", "employee_id"),
    "positions": ("organisation_id", "employee_id"),
    "person_names": ("organisation_id", "person_id"),
}
VALUES: dict[str, tuple[tuple[str, Any], ...]] = {
    "attendances": (("at_school", sa.Boolean()), ("reason", types.Code)),
    "placements": (("class_id", types.Code), ("school_year", types.Code), ("how", types.Code)),
    "employments": (("employed", sa.Boolean()),),
    "positions": (("position_type", types.Code), ("position", types.Code)),
    "person_names": (("last_name", types.Code), ("first_name", types.Code), ("middle_name", types.Code)),
}
OLD_KEYS = {
    "enrolments": ("organisation_id", "student_id"),
    "employments": ("organisation_id", "employee_id"),
    "person_names": ("person_id",),
    "claims": ("entity", "entity_id"),
}
OLD_VALUES: dict[str, tuple[tuple[str, Any], ...]] = {
    "enrolments": (("class_id", types.Code), ("school_year", types.Code), ("reason", types.Code), ("how", types.Code)),
    "employments": (("position_type", types.Code), ("position", types.Code)),
    "person_names": VALUES["person_names"],
    "claims": (("organisation_id", types.Code),),
}


def upgrade() -> None:
    before = {table: _words(table, OLD_KEYS, OLD_VALUES) for table in ("enrolments", "employments")}
    shared = _claimed_by_several()
    for table in OLD_KEYS:
        op.drop_table(table)
    op.drop_table("entities")
    for table in KEYS:
        _create(table, KEYS, VALUES)
    op.create_index("ix_placements_class_id", "placements", ["organisation_id", "class_id"])
    _tell(_new_facts, KEYS, VALUES)
    _leave_to_be_planned(before, shared)
    with op.batch_alter_table("rooms") as rooms:
        rooms.drop_constraint("uq_rooms_chat_id_life", type_="unique")
        rooms.create_unique_constraint("uq_rooms_organisation_id_chat_id_life", ["organisation_id", "chat_id", "life"])
        rooms.drop_index("ix_rooms_organisation_id")
    op.add_column("organisations", sa.Column("facts_no", types.Number, nullable=False, server_default="0"))
    op.add_column("api_tokens", sa.Column("sources", types.Json(), nullable=False, server_default="[]"))
    op.create_table(
        "sources",
        sa.Column("source", types.Code, nullable=False),
        sa.Column("token_id", types.Code, nullable=False),
        sa.Column("organisations", types.Json(), nullable=False),
        sa.PrimaryKeyConstraint("source"),
    )


def downgrade() -> None:
    """Refused by the database where two schools have a chat of the same id each: the former tables cannot hold both."""
    op.drop_table("sources")
    with op.batch_alter_table("organisations") as organisations:
        organisations.drop_column("facts_no")
    with op.batch_alter_table("api_tokens") as tokens:
        tokens.drop_column("sources")
    with op.batch_alter_table("rooms") as rooms:
        rooms.drop_constraint("uq_rooms_organisation_id_chat_id_life", type_="unique")
        rooms.create_unique_constraint("uq_rooms_chat_id_life", ["chat_id", "life"])
        rooms.create_index("ix_rooms_organisation_id", ["organisation_id"])
    for table in KEYS:
        op.drop_table(table)
    op.create_table(
        "entities",
        sa.Column("entity", types.Code, nullable=False),
        sa.Column("id", types.Code, nullable=False),
        sa.PrimaryKeyConstraint("entity", "id"),
    )
    for table in OLD_KEYS:
        _create(table, OLD_KEYS, OLD_VALUES)
    op.create_index("ix_enrolments_class_id", "enrolments", ["organisation_id", "class_id"])
    op.create_index("ix_claims_organisation_id", "claims", ["organisation_id"])
    _tell(_old_facts, OLD_KEYS, OLD_VALUES)


# tables of facts


def _columns(table: str, keys: dict[str, Any], values: dict[str, Any]) -> list[sa.Column[Any]]:
    return [
        *(sa.Column(name, types.Code, nullable=False) for name in keys[table]),
        sa.Column("source", types.Code, nullable=False),
        sa.Column("effective_on", types.Day(), nullable=False),
        sa.Column("sequence", types.Code, nullable=True),
        sa.Column("time", types.Instant(), nullable=False),
        sa.Column("event_id", types.Code, nullable=False),
        sa.Column("event_no", types.Number, nullable=False),
        *(sa.Column(name, kind, nullable=True) for name, kind in values[table]),
    ]


def _create(table: str, keys: dict[str, Any], values: dict[str, Any]) -> None:
    primary = sa.PrimaryKeyConstraint(*keys[table], "source", "effective_on")
    op.create_table(table, *_columns(table, keys, values), primary)
    if keys[table][0] == "organisation_id":
        dated = sa.text("effective_on > '0001-01-01'")
        columns = ["organisation_id", "effective_on"]
        op.create_index(f"ix_{table}_effective_on", table, columns, postgresql_where=dated, sqlite_where=dated)


def _table(name: str, keys: dict[str, Any], values: dict[str, Any]) -> sa.Table:
    return sa.Table(name, sa.MetaData(), *_columns(name, keys, values))


def _words(name: str, keys: dict[str, Any], values: dict[str, Any]) -> dict[tuple[str, ...], list[Any]]:
    """The words of a table by key."""
    found: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for row in op.get_bind().execute(sa.select(_table(name, keys, values))):
        found[tuple(row[: len(keys[name])])].append(row)
    return found


# what events say

_INBOX = sa.table(
    "inbox",
    sa.column("no", types.Number),
    sa.column("source", types.Code),
    sa.column("id", types.Code),
    sa.column("organisation_id", types.Code),
    sa.column("type", types.Code),
    sa.column("time", types.Instant()),
    sa.column("body", types.Code),
)
AT_ONCE_READ = 2_000

Says = Callable[[str, dict[str, Any]], Iterable[Told]]


def _tell(says: Says, keys: dict[str, Any], values: dict[str, Any]) -> None:
    """Fills the tables from the inbox, one school after the other."""
    schools = sa.select(_INBOX.c.organisation_id).where(_INBOX.c.organisation_id.is_not(None)).distinct()
    for school in sorted(school for (school,) in op.get_bind().execute(schools)):  # alike on both databases
        last: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        for row, told, effective_on, sequence in _told_by(school, says):
            stamp = (row.source, effective_on, sequence, row.time, row.id, row.no)
            place = (told.table, told.key, row.source, effective_on)
            known = last.get(place)
            if known is None or _within_source(stamp) > _within_source(known[0]):
                last[place] = stamp, told
        _write(_counting(last), keys, values)


def _counting(last: dict[tuple[Any, ...], tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Less the words that a later one of the same source puts away: one that starts no later."""
    of_source: dict[tuple[Any, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for (*fact, _), kept in last.items():
        of_source[tuple(fact)].append(kept)
    return [
        kept
        for words in of_source.values()
        for kept in words
        if not any(other[0][1] <= kept[0][1] and _within_source(other[0]) > _within_source(kept[0]) for other in words)
    ]


def _told_by(school: str, says: Says) -> Iterator[tuple[Any, Told, date, str | None]]:
    after = 0
    while True:
        chosen = sa.select(_INBOX).where(_INBOX.c.organisation_id == school, _INBOX.c.no > after)
        rows = op.get_bind().execute(chosen.order_by(_INBOX.c.no).limit(AT_ONCE_READ)).fetchall()
        for row in rows:
            event = json.loads(row.body)
            day = event["data"].get("effective_on")
            effective_on = date.fromisoformat(day) if day is not None else AT_ONCE
            for told in says(row.type, event["data"]):
                yield row, told, effective_on, event.get("sequence")
        if len(rows) < AT_ONCE_READ:
            return
        after = rows[-1].no


def _within_source(stamp: tuple[Any, ...]) -> tuple[Any, ...]:
    _, _, sequence, time, event_id, _ = stamp
    return (False, "", time, event_id) if sequence is None else (True, sequence, datetime.min, event_id)  # noqa: DTZ901


def _write(rows: Iterable[tuple[tuple[Any, ...], Told]], keys: dict[str, Any], values: dict[str, Any]) -> None:
    by_table: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for stamp, told in rows:
        columns = (*keys[told.table], *STAMP, *(name for name, _ in values[told.table]))
        by_table[told.table].append(dict(zip(columns, (*told.key, *stamp, *told.value), strict=True)))
    for name, data in by_table.items():
        _upsert(_table(name, keys, values), keys[name], data)


def _upsert(table: sa.Table, key: tuple[str, ...], data: list[dict[str, Any]]) -> None:
    """Where several schools say the same fact, as they could by the former tables, the last to be written stays."""
    primary = (*key, "source", "effective_on")
    if "organisation_id" not in key:
        for row in data:
            op.get_bind().execute(table.delete().where(*(table.c[name] == row[name] for name in primary)))
    op.get_bind().execute(table.insert(), data)


def _new_facts(type_: str, data: dict[str, Any]) -> Iterator[Told]:
    own = data["organisation_id"]
    match type_:
        case "school.student.enrolled.v1" | "school.student.restored.v1":
            how = type_.split(".")[2]
            yield Told("attendances", (own, data["student_id"]), (True, None))
            yield Told("placements", (own, data["student_id"]), (data["class_id"], None, how))
        case "school.student.transferred.v1" | "school.student.promoted.v1":
            how = type_.split(".")[2]
            value = (data["to_class_id"], data.get("school_year") if how == "promoted" else None, how)
            yield Told("placements", (own, data["student_id"]), value)
        case "school.student.expelled.v1" | "school.student.restoration_cancelled.v1":
            yield Told("attendances", (own, data["student_id"]), (False, data.get("reason")))
        case "school.employee.hired.v1":
            yield Told("employments", (own, data["employee_id"]), (True,))
            yield Told("positions", (own, data["employee_id"]), (data["position_type"], data.get("position")))
        case "school.employee.position_changed.v1":
            yield Told("positions", (own, data["employee_id"]), (data["position_type"], data.get("position")))
        case "school.employee.dismissed.v1":
            yield Told("employments", (own, data["employee_id"]), (False,))
        case "school.person.described.v1":
            yield Told("person_names", (own, data["person_id"]), _names(data))


def _old_facts(type_: str, data: dict[str, Any]) -> Iterator[Told]:
    own = data["organisation_id"]
    how = type_.split(".")[2]
    match type_:
        case "school.student.enrolled.v1" | "school.student.restored.v1":
            yield Told("enrolments", (own, data["student_id"]), (data["class_id"], None, None, how))
        case "school.student.transferred.v1" | "school.student.promoted.v1":
            year = data.get("school_year") if how == "promoted" else None
            yield Told("enrolments", (own, data["student_id"]), (data["to_class_id"], year, None, how))
        case "school.student.expelled.v1" | "school.student.restoration_cancelled.v1":
            yield Told("enrolments", (own, data["student_id"]), (None, None, data.get("reason"), how))
        case "school.employee.hired.v1" | "school.employee.position_changed.v1":
            yield Told("employments", (own, data["employee_id"]), (data["position_type"], data.get("position")))
        case "school.employee.dismissed.v1":
            yield Told("employments", (own, data["employee_id"]), (None, None))
        case "school.person.described.v1":
            yield Told("person_names", (data["person_id"],), _names(data))
        case "school.class.opened.v1":
            yield Told("claims", ("class", data["class_id"]), (own,))
        case "school.group.opened.v1":
            yield Told("claims", ("group", data["group_id"]), (own,))
        case "school.chat.created.v1":
            yield Told("claims", ("chat", data["chat_id"]), (own,))


def _names(data: dict[str, Any]) -> tuple[Any, ...]:
    return data["last_name"], data["first_name"], data.get("middle_name")


# whom it concerns


def _claimed_by_several() -> list[tuple[str, ...]]:
    """Classes, groups and chats of one id that several schools spoke of, as (school, entity, id)."""
    schools: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for entity in ("class", "group", "chat"):
        found = f"SELECT DISTINCT organisation_id, {entity}_id FROM {entity}_states"  # noqa: S608 - three words of ours
        for school, id_ in op.get_bind().execute(sa.text(found)):
            schools[entity, id_].add(school)
    return [(school, *key) for key, several in schools.items() if len(several) > 1 for school in several]


def _leave_to_be_planned(before: dict[str, Any], shared: list[tuple[str, ...]]) -> None:
    days: dict[str, Any] = dict(
        op.get_bind().execute(sa.text("SELECT organisation_id, day FROM organisations")).fetchall()
    )
    held = {school: _day(day) for school, day in days.items()}
    concerned = set(shared)
    for old, admission, place, kind in (
        ("enrolments", "attendances", "placements", "student"),
        ("employments", "employments", "positions", "person"),
    ):
        admissions, places = _words(admission, KEYS, VALUES), _words(place, KEYS, VALUES)
        for key in before[old].keys() | places.keys():
            day = held.get(key[0], AT_ONCE)
            was, admitted = _holding(before[old].get(key, ()), day), _holding(admissions.get(key, ()), day)
            is_placed = _holding(places.get(key, ()), day)
            was_there = was is not None and was[8] is not None
            is_there = is_placed is not None and (admitted is None or admitted[8])
            if was_there != is_there or (is_there and was[8] != is_placed[8]):
                concerned.add((key[0], kind, key[1]))
    touched = sa.table(
        "touched",
        *(sa.column(name, types.Code) for name in ("organisation_id", "kind", "id")),
        sa.column("event_no", types.Number),
        sa.column("by_event", sa.Boolean()),
        sa.column("at", types.Instant()),
    )
    at = datetime.now(UTC)
    rows = [
        {"organisation_id": school, "kind": kind, "id": id_, "event_no": 0, "by_event": False, "at": at}
        for school, kind, id_ in sorted(concerned)
    ]
    standing = {tuple(row) for row in op.get_bind().execute(sa.text("SELECT organisation_id, kind, id FROM touched"))}
    new = [row for row in rows if (row["organisation_id"], row["kind"], row["id"]) not in standing]
    if new:
        op.get_bind().execute(touched.insert(), new)


def _day(stored: Any) -> date:
    if stored is None:
        return AT_ONCE
    return date.fromisoformat(stored) if isinstance(stored, str) else stored


def _holding(words: Iterable[Any], day: date) -> Any:
    """The word that counts on a day: each source's last one, and of those the latest. Columns 2 to 7 are the stamp."""
    last: dict[str, Any] = {}
    for word in words:
        if word[3] > day:
            continue
        known = last.get(word[2])
        if known is None or _within_source(tuple(word[2:8])) > _within_source(tuple(known[2:8])):
            last[word[2]] = word
    return max(last.values(), key=lambda word: (word[5], word[2], word[6]), default=None)
