"""Persons, whom schools know, their accounts, and how far students got."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table

from adapters.database.schema.metadata import metadata
from adapters.database.types import Code, Day, Instant, Number

# Rows to lock, when schools and accounts are changed for the same person.
persons = Table("persons", metadata, Column("person_id", Code, primary_key=True))

external_accounts = Table(
    "external_accounts",
    metadata,
    Column("provider", Code, primary_key=True),
    Column("external_user_id", Code, primary_key=True),
)

ties = Table(
    "ties",
    metadata,
    Column("organisation_id", Code, primary_key=True),
    Column("person_id", Code, primary_key=True),
    Index("ix_ties_person_id", "person_id"),
)

# The history of links, never pruned: who has been linked longest is read from it.
account_assertions = Table(
    "account_assertions",
    metadata,
    Column("person_id", Code, primary_key=True),
    Column("provider", Code, primary_key=True),
    Column("source", Code, primary_key=True),
    Column("event_id", Code, primary_key=True),
    Column("external_user_id", Code),
    Column("sequence", Code),
    Column("time", Instant, nullable=False),
    Column("event_no", Number, nullable=False),
    Index("ix_account_assertions_external_user_id", "provider", "external_user_id"),
)

# Accounts that passed on to another person while they stood in a room, with who held them; kept for a while.
passed_on = Table(
    "passed_on",
    metadata,
    Column("room_no", Number, primary_key=True),
    Column("account", Code, primary_key=True),
    Column("person_id", Code, nullable=False),
    Column("at", Instant, nullable=False),
)

# How far each student got; a later year leaves a notice, until it is closed.
school_years = Table(
    "school_years",
    metadata,
    Column("organisation_id", Code, primary_key=True),
    Column("student_id", Code, primary_key=True),
    Column("school_year", Code, nullable=False),
    Column("enrolment_no", Number, nullable=False),
    Column("noticed_on", Day),
    Column("closed_at", Instant),
)
