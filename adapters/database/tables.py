"""The tables. One for each kind of fact, made from the kinds; the rest by hand."""

from __future__ import annotations

import types
from typing import Any, get_args, get_type_hints

from sqlalchemy import Boolean, Column, Index, MetaData, Table, UniqueConstraint, text

from adapters.database.types import Bytes, Code, Day, Ids, Instant, Json, Number
from sync.facts import (
    CHAT_STATE,
    DENIAL,
    GROUP_STATE,
    GROUP_TEACHER,
    GUARDIANSHIP,
    HAND_PICK,
    HOMEROOM,
    KINDS,
    PLACEMENT,
    Kind,
)

metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s"}
)


def _column_type(hint: Any) -> Any:
    plain = [kind for kind in get_args(hint) if kind is not types.NoneType] if get_args(hint) else [hint]
    if plain[0] is bool:
        return Boolean()
    return Code if plain[0] is str else Ids()


def _fact_table(kind: Kind) -> Table:
    """The words of one kind of fact. A source has at most one word of a fact for a starting day."""
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


FACTS = {kind: _fact_table(kind) for kind in KINDS}


def _index(kind: Kind, column: str) -> None:
    """Finds the words of a school that name somebody or something other than by their key."""
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

for _kind in KINDS:
    Index(
        f"ix_{_kind.name}_effective_on",
        FACTS[_kind].c.organisation_id,
        FACTS[_kind].c.effective_on,
        postgresql_where=text("effective_on > '0001-01-01'"),
        sqlite_where=text("effective_on > '0001-01-01'"),
    )

# Rows to lock: where a school and an account meet.
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

# Which groups have ever named a student; never taken back, so it only says where to look.
group_mentions = Table(
    "group_mentions",
    metadata,
    Column("organisation_id", Code, primary_key=True),
    Column("student_id", Code, primary_key=True),
    Column("group_id", Code, primary_key=True),
    Index("ix_group_mentions_group_id", "organisation_id", "group_id"),
)

# The history of links, never pruned: who has been linked longest is read from it.
account_words = Table(
    "account_words",
    metadata,
    Column("person_id", Code, primary_key=True),
    Column("provider", Code, primary_key=True),
    Column("source", Code, primary_key=True),
    Column("event_id", Code, primary_key=True),
    Column("external_user_id", Code),
    Column("sequence", Code),
    Column("time", Instant, nullable=False),
    Column("event_no", Number, nullable=False),
    Index("ix_account_words_external_user_id", "provider", "external_user_id"),
)

organisations = Table(
    "organisations",
    metadata,
    Column("organisation_id", Code, primary_key=True),
    Column("platform", Code, nullable=False),
    Column("account", Code, nullable=False, server_default=""),
    Column("time_zone", Code, nullable=False),
    Column("day", Day),
    Column("roll_at", Instant),
    Column("last_turn", Number, nullable=False, server_default="0"),
    Column("stalled_error", Code),
    Column("next_try_at", Instant),
    Column("tries", Number, nullable=False, server_default="0"),
    Column("reconcile_at", Instant),
    Column("facts_no", Number, nullable=False, server_default="0"),  # how many transactions have changed its facts
    Index("ix_organisations_roll_at", "roll_at"),
    Index("ix_organisations_reconcile_at", "reconcile_at"),
)

touched = Table(
    "touched",
    metadata,
    Column("organisation_id", Code, primary_key=True),
    Column("kind", Code, primary_key=True),
    Column("id", Code, primary_key=True),
    Column("event_no", Number, nullable=False),
    Column("by_event", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
)

rooms = Table(
    "rooms",
    metadata,
    Column("room_no", Number, primary_key=True, autoincrement=True),
    Column("organisation_id", Code, nullable=False),
    Column("chat_id", Code, nullable=False),
    Column("life", Number, nullable=False),
    Column("platform_token", Code, nullable=False),
    Column("nonce", Code, nullable=False),
    Column("external_chat_id", Code),
    Column("wanted_title", Code, nullable=False),
    Column("observed_title", Code),
    Column("wanted_life", Code, nullable=False, server_default="open"),
    Column("observed_life", Code, nullable=False, server_default="none"),
    Column("due_at", Instant),
    Column("grade", Number, nullable=False, server_default="2"),
    Column("turn", Number, nullable=False, server_default="0"),
    Column("attempts", Number, nullable=False, server_default="0"),
    Column("lease_until", Instant),
    Column("lease_no", Number, nullable=False, server_default="0"),
    Column("in_flight", Json),
    Column("to_list", Boolean, nullable=False, server_default=text("false")),
    Column("invite_link", Code),  # null: not asked for; empty: the chat has none
    UniqueConstraint("organisation_id", "chat_id", "life"),
    UniqueConstraint("platform_token", "external_chat_id"),
    Index("ix_rooms_due", "grade", "turn", postgresql_where=text("due_at IS NOT NULL")),
    Index("ix_rooms_first_due", "organisation_id", "grade", postgresql_where=text("due_at IS NOT NULL")),
)

places = Table(
    "places",
    metadata,
    Column("organisation_id", Code, primary_key=True),
    Column("person_id", Code, primary_key=True),
    Column("room_no", Number, primary_key=True),
    Column("account", Code, primary_key=True),
    # planning writes
    Column("wanted", Code, nullable=False, server_default="out"),
    Column("reasons", Json, nullable=False, server_default="[]"),
    Column("cause_no", Number, nullable=False, server_default="0"),
    Column("wanted_at", Instant),
    Column("leaving", Boolean, nullable=False, server_default=text("false")),
    Column("hold_no", Number),
    # settling writes
    Column("observed", Code, nullable=False, server_default="out"),
    Column("refused_code", Code),
    Column("refused_for", Code),
    Column("left_at", Instant),
    Column("answer_no", Number),
    Index("ix_places_room_no", "room_no"),
    # No index names what nearly every change of a place changes (`wanted`, `observed`): its row is updated in its page.
    *(
        Index(f"ix_places_{name}", column, postgresql_where=text(where), sqlite_where=text(where))
        for name, column, where in (
            ("waiting", "organisation_id", "account = ''"),
            ("held", "room_no", "hold_no IS NOT NULL"),
            ("refused", "room_no", "refused_for IS NOT NULL"),
        )
    ),
    postgresql_with={"fillfactor": 75},
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

removals = Table(
    "removals",
    metadata,
    Column("organisation_id", Code, primary_key=True),
    Column("room_no", Number, primary_key=True),
    Column("person_id", Code, primary_key=True),
    Column("at", Instant, nullable=False),
)

holds = Table(
    "holds",
    metadata,
    Column("hold_no", Number, primary_key=True, autoincrement=True),
    Column("organisation_id", Code, nullable=False),
    Column("limit_hit", Code, nullable=False),
    Column("persons", Number, nullable=False),
    Column("plan", Json, nullable=False),
    Column("state", Code, nullable=False, server_default="held"),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("decided_by", Code),
    Column("why", Code),
)

read_backs = Table(
    "read_backs",
    metadata,
    Column("room_no", Number, primary_key=True),
    Column("account", Code, primary_key=True),
    Column("person_id", Code, nullable=False, server_default=""),
    Column("why", Code, nullable=False),
    Column("at", Instant, nullable=False),
)

changes = Table(
    "changes",
    metadata,
    Column("change_no", Number, primary_key=True, autoincrement=True),
    Column("organisation_id", Code, nullable=False),
    Column("room_no", Number, nullable=False),
    Column("chat_id", Code, nullable=False),
    Column("person_id", Code, nullable=False),
    Column("account", Code, nullable=False),
    Column("action", Code, nullable=False),
    Column("role", Code),
    Column("reasons", Json, nullable=False),
    Column("cause_no", Number, nullable=False),
    Column("call_no", Number),
    Column("at", Instant, nullable=False),
    Column("published_at", Instant),
    Index("ix_changes_person_id", "organisation_id", "person_id"),
    Index("ix_changes_unpublished", "change_no", postgresql_where=text("published_at IS NULL")),
)

calls = Table(
    "calls",
    metadata,
    Column("call_no", Number, primary_key=True, autoincrement=True),
    Column("room_no", Number, nullable=False),
    Column("action", Code, nullable=False),
    Column("accounts", Json, nullable=False),
    Column("at", Instant, nullable=False),
    Column("answer", Code, nullable=False),
    Index("ix_calls_room_no", "room_no"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("no", Number, primary_key=True, autoincrement=True),
    Column("source", Code, nullable=False),
    Column("id", Code, nullable=False),
    Column("organisation_id", Code),
    Column("type", Code, nullable=False),
    Column("time", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("topic", Code),
    Column("partition", Number),
    Column("offset", Number),
    Column("body", Code, nullable=False),
    Column("outcome", Code),
    Column("beaten_by", Number),
    UniqueConstraint("source", "id"),
    Index("ix_inbox_organisation_id", "organisation_id", "no"),
)

platform_tokens = Table(
    "platform_tokens",
    metadata,
    Column("token", Code, primary_key=True),
    Column("last_turn", Number, nullable=False, server_default="0"),
    Column("paused_until", Instant),
)

rate_slots = Table(
    "rate_slots",
    metadata,
    Column("token", Code, primary_key=True),
    Column("slot", Number, primary_key=True),
    Column("free_at", Instant),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Code, primary_key=True),
    Column("name", Code, nullable=False),
    Column("digest", Code, nullable=False, unique=True),
    Column("scopes", Json, nullable=False),
    Column("organisations", Json, nullable=False),
    Column("sources", Json, nullable=False, server_default="[]"),
    Column("made_at", Instant, nullable=False),
    Column("revoked_at", Instant),
)

# Sources that speak for some schools alone: those of the token that owns them.
sources = Table(
    "sources",
    metadata,
    Column("source", Code, primary_key=True),
    Column("token_id", Code, nullable=False),
    Column("organisations", Json, nullable=False),
)

adoption_codes = Table(
    "adoption_codes",
    metadata,
    Column("code", Code, primary_key=True),  # its digest
    Column("organisation_id", Code, nullable=False),
    Column("chat_id", Code, nullable=False),
    Column("platform_token", Code, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

adoption_claims = Table(
    "adoption_claims",
    metadata,
    Column("platform_token", Code, primary_key=True),
    Column("external_chat_id", Code, primary_key=True),
    Column("code", Code, primary_key=True),
    Column("account", Code, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("next_at", Instant),
    Column("attempts", Number, nullable=False, server_default="0"),
    Column("verdict", Code),
    Index("ix_adoption_claims_next_at", "next_at", postgresql_where=text("next_at IS NOT NULL")),
)

# Who was in an adopted chat without belonging there: left where they are, for a person to look at.
strangers = Table(
    "strangers",
    metadata,
    Column("room_no", Number, primary_key=True),
    Column("account", Code, primary_key=True),
    Column("seen_at", Instant, nullable=False),
)

updates_heard = Table(
    "updates_heard",
    metadata,
    Column("key", Code, primary_key=True),
    Column("at", Instant, nullable=False),
    Index("ix_updates_heard_at", "at"),
)

update_markers = Table(
    "update_markers",
    metadata,
    Column("token", Code, primary_key=True),
    Column("marker", Code, nullable=False),
)

# How far each partition was handled: nothing of Kafka's own commits is believed.
offsets = Table(
    "offsets",
    metadata,
    Column("topic", Code, primary_key=True),
    Column("partition", Number, primary_key=True),
    Column("next", Number, nullable=False),
    Column("recent_bad", Code, nullable=False, server_default="0"),  # bits, hexadecimal
    Column("stopped_at", Instant),
    Column("stopped_why", Code),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("no", Number, primary_key=True, autoincrement=True),
    Column("topic", Code, nullable=False),
    Column("partition", Number, nullable=False),
    Column("offset", Number, nullable=False),
    Column("key", Bytes),
    Column("headers", Json, nullable=False),  # pairs of a name and its value, hexadecimal or null
    Column("body", Bytes, nullable=False),
    Column("reason", Code, nullable=False),
    Column("errors", Json, nullable=False),  # pairs of a JSON pointer and what is wrong there
    Column("source", Code),
    Column("id", Code),
    Column("received_at", Instant, nullable=False),
    Column("state", Code, nullable=False, server_default="waiting"),
    Column("published_at", Instant),
    UniqueConstraint("topic", "partition", "offset", "received_at"),  # a topic made anew has the same offsets again
    Index("ix_dead_letters_unpublished", "no", postgresql_where=text("published_at IS NULL")),
    Index("ix_dead_letters_waiting", "no", postgresql_where=text("state = 'waiting'")),
)

# Which process hears a platform account: two would hear the same, and each costs requests.
hearers = Table(
    "hearers",
    metadata,
    Column("token", Code, primary_key=True),
    Column("hearer", Code, nullable=False),
    Column("until", Instant, nullable=False),
)
