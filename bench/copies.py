"""Many schools out of a few: their rows again under other ids, by one statement a table (PostgreSQL's)."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Column, text

from adapters.database.schema import (
    FACTS,
    account_assertions,
    external_accounts,
    group_mentions,
    organisations,
    persons,
    places,
    rooms,
    ties,
)
from adapters.database.store import Database
from rollcall.demo.school import School

TABLES = (
    *FACTS.values(), account_assertions, external_accounts, group_mentions, organisations, persons, places,
    rooms, ties,
)  # fmt: skip
IDS = {
    "organisation_id", "person_id", "student_id", "guardian_id", "employee_id", "class_id", "group_id", "chat_id",
    "entity_id", "id", "event_id", "nonce", "account", "external_user_id", "external_chat_id", "chat_administrator_id",
}  # fmt: skip
FAR = 1_000_000  # between the numbers of rooms of one copy and the next


async def multiply(database: Database, copies: int) -> None:
    """Adds so many copies of all schools, with all their people."""
    async with database.writing() as connection:
        for table in TABLES:
            columns = ", ".join(f'"{column.name}"' for column in table.columns)
            values = ", ".join(map(_value, table.columns))
            source = f"{table.name}, generate_series(1, {copies}) AS no"
            await connection.exec_driver_sql(f"INSERT INTO {table.name} ({columns}) SELECT {values} FROM {source}")


async def tidy(database: Database) -> None:
    """What autovacuum and checkpoints would come to later, in the middle of the rounds."""
    async with database.reading() as connection:
        outside = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await outside.execute(text("VACUUM ANALYZE"))
        await outside.execute(text("CHECKPOINT"))


def copied(school: School, number: int) -> School:
    """The school of a copy, as far as transfers need it; number 0 is the school itself."""
    end = f"~{number}" if number else ""
    return replace(
        school,
        organisation_id=f"{school.organisation_id}{end}",
        classes=[replace(each, class_id=f"{each.class_id}{end}") for each in school.classes],
        pupils=[
            replace(each, person_id=f"{each.person_id}{end}", class_id=f"{each.class_id}{end}")
            for each in school.pupils
        ],
        guardians=[replace(each, pupil_id=f"{each.pupil_id}{end}") for each in school.guardians],
    )


def _value(column: Column[object]) -> str:
    name = f'"{column.name}"'
    if column.name == "room_no":
        return f"{name} + no * {FAR}"
    if column.name == "reasons":
        return rf"""regexp_replace({name}, '(guardian_of:[^"]*)', '\1~' || no, 'g')"""
    if column.name == "student_ids":
        return f"""regexp_replace({name}, '([^",\\[ ])"', '\\1~' || no || '"', 'g')"""
    return f"CASE WHEN {name} = '' THEN '' ELSE {name} || '~' || no END" if column.name in IDS else name
