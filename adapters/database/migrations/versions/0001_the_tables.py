"""The tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from adapters.database import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_words",
        sa.Column("person_id", types.Code, nullable=False),
        sa.Column("provider", types.Code, nullable=False),
        sa.Column("source", types.Code, nullable=False),
        sa.Column("event_id", types.Code, nullable=False),
        sa.Column("external_user_id", types.Code, nullable=True),
        sa.Column("sequence", types.Code, nullable=True),
        sa.Column("time", types.Instant(), nullable=False),
        sa.Column("event_no", types.Number, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "provider", "source", "event_id"),
    )
    op.create_index(
        "ix_account_words_external_user_id", "account_words", ["provider", "external_user_id"], unique=False
    )
    op.create_table(
        "api_tokens",
        sa.Column("id", types.Code, nullable=False),
        sa.Column("name", types.Code, nullable=False),
        sa.Column("digest", types.Code, nullable=False),
        sa.Column("scopes", types.Json(), nullable=False),
        sa.Column("organisations", types.Json(), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("revoked_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest", name=op.f("uq_api_tokens_digest")),
    )
    op.create_table(
        "blocks",
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("person_id", types.Code, nullable=False),
        sa.Column("source", types.Code, nullable=False),
        sa.Column("effective_on", types.Day(), nullable=False),
        sa.Column("sequence", types.Code, nullable=True),
        sa.Column("time", types.Instant(), nullable=False),
        sa.Column("event_id", types.Code, nullable=False),
        sa.Column("event_no", types.Number, nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "person_id", "source", "effective_on"),
    )
    op.create_index(
        "ix_blocks_effective_on",
        "blocks",
        ["organisation_id", "effective_on"],
        unique=False,
        postgresql_where=sa.text("effective_on > '0001-01-01'"),
        sqlite_where=sa.text("effective_on > '0001-01-01'"),
    )
    op.create_table(
        "calls",
        sa.Column("call_no", types.Number, autoincrement=True, nullable=False),
        sa.Column("room_no", types.Number, nullable=False),
        sa.Column("action", types.Code, nullable=False),
        sa.Column("accounts", types.Json(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("answer", types.Code, nullable=False),
        sa.PrimaryKeyConstraint("call_no"),
    )
    op.create_index("ix_calls_room_no", "calls", ["room_no"], unique=False)
    op.create_table(
        "changes",
        sa.Column("change_no", types.Number, autoincrement=True, nullable=False),
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("room_no", types.Number, nullable=False),
        sa.Column("chat_id", types.Code, nullable=False),
        sa.Column("person_id", types.Code, nullable=False),
        sa.Column("account", types.Code, nullable=False),
        sa.Column("action", types.Code, nullable=False),
        sa.Column("role", types.Code, nullable=True),
        sa.Column("reasons", types.Json(), nullable=False),
        sa.Column("cause_no", types.Number, nullable=False),
        sa.Column("call_no", types.Number, nullable=True),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("published_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("change_no"),
    )
    op.create_index("ix_changes_person_id", "changes", ["organisation_id", "person_id"], unique=False)
    op.create_index(
        "ix_changes_unpublished",
        "changes",
        ["change_no"],
        unique=False,
        postgresql_where=sa.text("published_at IS NULL"),
    )
    op.create_table(
        "chat_administrators",
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("source", types.Code, nullable=False),
        sa.Column("effective_on", types.Day(), nullable=False),
        sa.Column("sequence", types.Code, nullable=True),
        sa.Column("time", types.Instant(), nullable=False),
        sa.Column("event_id", types.Code, nullable=False),
        sa.Column("event_no", types.Number, nullable=False),
        sa.Column("employee_id", types.Code, nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "source", "effective_on"),
    )
    op.create_index(
        "ix_chat_administrators_effective_on",
        "chat_administrators",
        ["organisation_id", "effective_on"],
        unique=False,
        postgresql_where=sa.text("effective_on > '0001-01-01'"),
        sqlite_where=sa.text("effective_on > '0001-01-01'"),
    )
    op.create_table(
        "chat_names",
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("chat_id", types.Code, nullable=False),
        sa.Column("source", types.Code, nullable=False),
        sa.Column("effective_on", types.Day(), nullable=False),
        sa.Column("sequence", types.Code, nullable=True),
        sa.Column("time", types.Instant(), nullable=False),
        sa.Column("event_id", types.Code, nullable=False),
        sa.Column("event_no", types.Number, nullable=False),
        sa.Column("name", types.Code, nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "chat_id", "source", "effective_on"),
    )
    op.create_index(
        "ix_chat_names_effective_on",
        "chat_names",
        ["organisation_id", "effective_on"],
        unique=False,
        postgresql_where=sa.text("effective_on > '0001-01-01'"),
        sqlite_where=sa.text("effective_on > '0001-01-01'"),
    )
    op.create_table(
        "chat_states",
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("chat_id", types.Code, nullable=False),
        sa.Column("source", types.Code, nullable=False),
        sa.Column("effective_on", types.Day(), nullable=False),
        sa.Column("sequence", types.Code, nullable=True),
        sa.Column("time", types.Instant(), nullable=False),
        sa.Column("event_id", types.Code, nullable=False),
        sa.Column("event_no", types.Number, nullable=False),
        sa.Column("exists", sa.Boolean(), nullable=True),
        sa.Column("chat_type", types.Code, nullable=True),
        sa.Column("group_id", types.Code, nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "chat_id", "source", "effective_on"),
    )
    op.create_index(
        "ix_chat_states_effective_on",
        "chat_states",
        ["organisation_id", "effective_on"],
        unique=False,
        postgresql_where=sa.text("effective_on > '0001-01-01'"),
        sqlite_where=sa.text("effective_on > '0001-01-01'"),
    )
    op.create_index("ix_chat_states_group_id", "chat_states", ["organisation_id", "group_id"], unique=False)
    op.create_table(
        "claims",
        sa.Column("entity", types.Code, nullable=False),
        sa.Column("entity_id", types.Code, nullable=False),
        sa.Column("source", types.Code, nullable=False),
        sa.Column("effective_on", types.Day(), nullable=False),
        sa.Column("sequence", types.Code, nullable=True),
        sa.Column("time", types.Instant(), nullable=False),
        sa.Column("event_id", types.Code, nullable=False),
        sa.Column("event_no", types.Number, nullable=False),
        sa.Column("organisation_id", types.Code, nullable=True),
        sa.PrimaryKeyConstraint("entity", "entity_id", "source", "effective_on"),
    )
    op.create_index("ix_claims_organisation_id", "claims", ["organisation_id"], unique=False)
    op.create_table(
        "class_names",
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("class_id", types.Code, nullable=False),
        sa.Column("source", types.Code, nullable=False),
        sa.Column("effective_on", types.Day(), nullable=False),
        sa.Column("sequence", types.Code, nullable=True),
        sa.Column("time", types.Instant(), nullable=False),
        sa.Column("event_id", types.Code, nullable=False),
        sa.Column("event_no", types.Number, nullable=False),
        sa.Column("name", types.Code, nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "class_id", "source", "effective_on"),
    )
    op.create_index(
        "ix_class_names_effective_on",
        "class_names",
        ["organisation_id", "effective_on"],
        unique=False,
        postgresql_where=sa.text("effective_on > '0001-01-01'"),
        sqlite_where=sa.text("effective_on > '0001-01-01'"),
    )
    op.create_table(
        "class_states",
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("class_id", types.Code, nullable=False),
        sa.Column("source", types.Code, nullable=False),
        sa.Column("effective_on", types.Day(), nullable=False),
        sa.Column("sequence", types.Code, nullable=True),
        sa.Column("time", types.Instant(), nullable=False),
        sa.Column("event_id", types.Code, nullable=False),
        sa.Column("event_no", types.Number, nullable=False),
        sa.Column("open", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "class_id", "source", "effective_on"),
    )
    op.create_index(
        "ix_class_states_effective_on",
        "class_states",
        ["organisation_id", "effective_on"],
        unique=False,
        postgresql_where=sa.text("effective_on > '0001-01-01'"),
        sqlite_where=sa.text("effective_on > '0001-01-01'"),
    )
    op.create_table(
        "class_years",
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("class_id", types.Code, nullable=False),
        sa.Column("source", types.Code, nullable=False),
        sa.Column("effective_on", types.Day(), nullable=False),
        sa.Column("sequence", types.Code, nullable=True),
        sa.Column("time", types.Instant(), nullable=False),
        sa.Column("event_id", types.Code, nullable=False),
        sa.Column("event_no", types.Number, nullable=False),
        sa.Column("school_year", types.Code, nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "class_id", "source", "effective_on"),
    )
    op.create_index(
        "ix_class_years_effective_on",
        "class_years",
        ["organisation_id", "effective_on"],
        unique=False,
        postgresql_where=sa.text("effective_on > '0001-01-01'"),
        sqlite_where=sa.text("effective_on > '0001-01-01'"),
    )
    op.create_table(
        "denials",
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("guardian_id", types.Code, nullable=False),
        sa.Column("student_id", types.Code, nullable=False),
        sa.Column("source", types.Code, nullable=False),
        sa.Column("effective_on", types.Day(), nullable=False),
        sa.Column("sequence", types.Code, nullable=True),
        sa.Column("time", types.Instant(), nullable=False),
        sa.Column("event_id", types.Code, nullable=False),
        sa.Column("event_no", types.Number, nullable=False),
        sa.Column("denied", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "guardian_id", "student_id", "source", "effective_on"),
    )
    op.create_index(
        "ix_denials_effective_on",
        "denials",
        ["organisation_id", "effective_on"],
        unique=False,
        postgresql_where=sa.text("effective_on > '0001-01-01'"),
        sqlite_where=sa.text("effective_on > '0001-01-01'"),
    )
    op.create_index("ix_denials_student_id", "denials", ["organisation_id", "student_id"], unique=False)
    op.create_table(
        "employments",
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("employee_id", types.Code, nullable=False),
        sa.Column("source", types.Code, nullable=False),
        sa.Column("effective_on", types.Day(), nullable=False),
        sa.Column("sequence", types.Code, nullable=True),
        sa.Column("time", types.Instant(), nullable=False),
        sa.Column("event_id", types.Code, nullable=False),
        sa.Column("event_no", types.Number, nullable=False),
        sa.Column("position_type", types.Code, nullable=True),
        sa.Column("position", types.Code, nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "employee_id", "source", "effective_on"),
    )
    op.create_index(
        "ix_employments_effective_on",
        "employments",
        ["organisation_id", "effective_on"],
        unique=False,
        postgresql_where=sa.text("effective_on > '0001-01-01'"),
        sqlite_where=sa.text("effective_on > '0001-01-01'"),
    )
    op.create_table(
        "enrolments",
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("student_id", types.Code, nullable=False),
        sa.Column("source", types.Code, nullable=False),
        sa.Column("effective_on", types.Day(), nullable=False),
        sa.Column("sequence", types.Code, nullable=True),
        sa.Column("time", types.Instant(), nullable=False),
        sa.Column("event_id", types.Code, nullable=False),
        sa.Column("event_no", types.Number, nullable=False),
        sa.Column("class_id", types.Code, nullable=True),
        sa.Column("school_year", types.Code, nullable=True),
        sa.Column("reason", types.Code, nullable=True),
        sa.Column("how", types.Code, nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "student_id", "source", "effective_on"),
    )
    op.create_index("ix_enrolments_class_id", "enrolments", ["organisation_id", "class_id"], unique=False)
    op.create_index(
        "ix_enrolments_effective_on",
        "enrolments",
        ["organisation_id", "effective_on"],
        unique=False,
        postgresql_where=sa.text("effective_on > '0001-01-01'"),
        sqlite_where=sa.text("effective_on > '0001-01-01'"),
    )
    op.create_table(
        "entities",
        sa.Column("entity", types.Code, nullable=False),
        sa.Column("id", types.Code, nullable=False),
        sa.PrimaryKeyConstraint("entity", "id"),
    )
    op.create_table(
        "external_accounts",
        sa.Column("provider", types.Code, nullable=False),
        sa.Column("external_user_id", types.Code, nullable=False),
        sa.PrimaryKeyConstraint("provider", "external_user_id"),
    )
    op.create_table(
        "group_mentions",
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("student_id", types.Code, nullable=False),
        sa.Column("group_id", types.Code, nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "student_id", "group_id"),
    )
    op.create_index("ix_group_mentions_group_id", "group_mentions", ["organisation_id", "group_id"], unique=False)
    op.create_table(
        "group_rosters",
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("group_id", types.Code, nullable=False),
        sa.Column("source", types.Code, nullable=False),
        sa.Column("effective_on", types.Day(), nullable=False),
        sa.Column("sequence", types.Code, nullable=True),
        sa.Column("time", types.Instant(), nullable=False),
        sa.Column("event_id", types.Code, nullable=False),
        sa.Column("event_no", types.Number, nullable=False),
        sa.Column("student_ids", types.Ids(), nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "group_id", "source", "effective_on"),
    )
    op.create_index(
        "ix_group_rosters_effective_on",
        "group_rosters",
        ["organisation_id", "effective_on"],
        unique=False,
        postgresql_where=sa.text("effective_on > '0001-01-01'"),
        sqlite_where=sa.text("effective_on > '0001-01-01'"),
    )
    op.create_table(
        "group_states",
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("group_id", types.Code, nullable=False),
        sa.Column("source", types.Code, nullable=False),
        sa.Column("effective_on", types.Day(), nullable=False),
        sa.Column("sequence", types.Code, nullable=True),
        sa.Column("time", types.Instant(), nullable=False),
        sa.Column("event_id", types.Code, nullable=False),
        sa.Column("event_no", types.Number, nullable=False),
        sa.Column("open", sa.Boolean(), nullable=True),
        sa.Column("class_id", types.Code, nullable=True),
        sa.Column("subject", types.Code, nullable=True),
        sa.Column("name", types.Code, nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "group_id", "source", "effective_on"),
    )
    op.create_index("ix_group_states_class_id", "group_states", ["organisation_id", "class_id"], unique=False)
    op.create_index(
        "ix_group_states_effective_on",
        "group_states",
        ["organisation_id", "effective_on"],
        unique=False,
        postgresql_where=sa.text("effective_on > '0001-01-01'"),
        sqlite_where=sa.text("effective_on > '0001-01-01'"),
    )
    op.create_table(
        "group_teachers",
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("group_id", types.Code, nullable=False),
        sa.Column("source", types.Code, nullable=False),
        sa.Column("effective_on", types.Day(), nullable=False),
        sa.Column("sequence", types.Code, nullable=True),
        sa.Column("time", types.Instant(), nullable=False),
        sa.Column("event_id", types.Code, nullable=False),
        sa.Column("event_no", types.Number, nullable=False),
        sa.Column("employee_id", types.Code, nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "group_id", "source", "effective_on"),
    )
    op.create_index(
        "ix_group_teachers_effective_on",
        "group_teachers",
        ["organisation_id", "effective_on"],
        unique=False,
        postgresql_where=sa.text("effective_on > '0001-01-01'"),
        sqlite_where=sa.text("effective_on > '0001-01-01'"),
    )
    op.create_index("ix_group_teachers_employee_id", "group_teachers", ["organisation_id", "employee_id"], unique=False)
    op.create_table(
        "guardianships",
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("guardian_id", types.Code, nullable=False),
        sa.Column("student_id", types.Code, nullable=False),
        sa.Column("source", types.Code, nullable=False),
        sa.Column("effective_on", types.Day(), nullable=False),
        sa.Column("sequence", types.Code, nullable=True),
        sa.Column("time", types.Instant(), nullable=False),
        sa.Column("event_id", types.Code, nullable=False),
        sa.Column("event_no", types.Number, nullable=False),
        sa.Column("assigned", sa.Boolean(), nullable=True),
        sa.Column("relation", types.Code, nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "guardian_id", "student_id", "source", "effective_on"),
    )
    op.create_index(
        "ix_guardianships_effective_on",
        "guardianships",
        ["organisation_id", "effective_on"],
        unique=False,
        postgresql_where=sa.text("effective_on > '0001-01-01'"),
        sqlite_where=sa.text("effective_on > '0001-01-01'"),
    )
    op.create_index("ix_guardianships_student_id", "guardianships", ["organisation_id", "student_id"], unique=False)
    op.create_table(
        "hand_picks",
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("chat_id", types.Code, nullable=False),
        sa.Column("person_id", types.Code, nullable=False),
        sa.Column("source", types.Code, nullable=False),
        sa.Column("effective_on", types.Day(), nullable=False),
        sa.Column("sequence", types.Code, nullable=True),
        sa.Column("time", types.Instant(), nullable=False),
        sa.Column("event_id", types.Code, nullable=False),
        sa.Column("event_no", types.Number, nullable=False),
        sa.Column("pick", types.Code, nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "chat_id", "person_id", "source", "effective_on"),
    )
    op.create_index(
        "ix_hand_picks_effective_on",
        "hand_picks",
        ["organisation_id", "effective_on"],
        unique=False,
        postgresql_where=sa.text("effective_on > '0001-01-01'"),
        sqlite_where=sa.text("effective_on > '0001-01-01'"),
    )
    op.create_index("ix_hand_picks_person_id", "hand_picks", ["organisation_id", "person_id"], unique=False)
    op.create_table(
        "holds",
        sa.Column("hold_no", types.Number, autoincrement=True, nullable=False),
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("limit_hit", types.Code, nullable=False),
        sa.Column("persons", types.Number, nullable=False),
        sa.Column("plan", types.Json(), nullable=False),
        sa.Column("state", types.Code, server_default="held", nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("expires_at", types.Instant(), nullable=False),
        sa.Column("decided_by", types.Code, nullable=True),
        sa.Column("why", types.Code, nullable=True),
        sa.PrimaryKeyConstraint("hold_no"),
    )
    op.create_table(
        "homerooms",
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("class_id", types.Code, nullable=False),
        sa.Column("source", types.Code, nullable=False),
        sa.Column("effective_on", types.Day(), nullable=False),
        sa.Column("sequence", types.Code, nullable=True),
        sa.Column("time", types.Instant(), nullable=False),
        sa.Column("event_id", types.Code, nullable=False),
        sa.Column("event_no", types.Number, nullable=False),
        sa.Column("employee_id", types.Code, nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "class_id", "source", "effective_on"),
    )
    op.create_index(
        "ix_homerooms_effective_on",
        "homerooms",
        ["organisation_id", "effective_on"],
        unique=False,
        postgresql_where=sa.text("effective_on > '0001-01-01'"),
        sqlite_where=sa.text("effective_on > '0001-01-01'"),
    )
    op.create_index("ix_homerooms_employee_id", "homerooms", ["organisation_id", "employee_id"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("no", types.Number, autoincrement=True, nullable=False),
        sa.Column("source", types.Code, nullable=False),
        sa.Column("id", types.Code, nullable=False),
        sa.Column("organisation_id", types.Code, nullable=True),
        sa.Column("type", types.Code, nullable=False),
        sa.Column("time", types.Instant(), nullable=False),
        sa.Column("received_at", types.Instant(), nullable=False),
        sa.Column("topic", types.Code, nullable=True),
        sa.Column("partition", types.Number, nullable=True),
        sa.Column("offset", types.Number, nullable=True),
        sa.Column("body", types.Code, nullable=False),
        sa.Column("outcome", types.Code, nullable=True),
        sa.Column("beaten_by", types.Number, nullable=True),
        sa.PrimaryKeyConstraint("no"),
        sa.UniqueConstraint("source", "id", name=op.f("uq_inbox_source_id")),
    )
    op.create_index("ix_inbox_organisation_id", "inbox", ["organisation_id", "no"], unique=False)
    op.create_table(
        "organisations",
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("platform", types.Code, nullable=False),
        sa.Column("account", types.Code, server_default="", nullable=False),
        sa.Column("time_zone", types.Code, nullable=False),
        sa.Column("day", types.Day(), nullable=True),
        sa.Column("roll_at", types.Instant(), nullable=True),
        sa.Column("last_turn", types.Number, server_default="0", nullable=False),
        sa.Column("stalled_error", types.Code, nullable=True),
        sa.Column("next_try_at", types.Instant(), nullable=True),
        sa.Column("tries", types.Number, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("organisation_id"),
    )
    op.create_index("ix_organisations_roll_at", "organisations", ["roll_at"], unique=False)
    op.create_table(
        "person_names",
        sa.Column("person_id", types.Code, nullable=False),
        sa.Column("source", types.Code, nullable=False),
        sa.Column("effective_on", types.Day(), nullable=False),
        sa.Column("sequence", types.Code, nullable=True),
        sa.Column("time", types.Instant(), nullable=False),
        sa.Column("event_id", types.Code, nullable=False),
        sa.Column("event_no", types.Number, nullable=False),
        sa.Column("last_name", types.Code, nullable=True),
        sa.Column("first_name", types.Code, nullable=True),
        sa.Column("middle_name", types.Code, nullable=True),
        sa.PrimaryKeyConstraint("person_id", "source", "effective_on"),
    )
    op.create_table("persons", sa.Column("person_id", types.Code, nullable=False), sa.PrimaryKeyConstraint("person_id"))
    op.create_table(
        "places",
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("person_id", types.Code, nullable=False),
        sa.Column("room_no", types.Number, nullable=False),
        sa.Column("account", types.Code, nullable=False),
        sa.Column("wanted", types.Code, server_default="out", nullable=False),
        sa.Column("reasons", types.Json(), server_default="[]", nullable=False),
        sa.Column("cause_no", types.Number, server_default="0", nullable=False),
        sa.Column("wanted_at", types.Instant(), nullable=True),
        sa.Column("leaving", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("hold_no", types.Number, nullable=True),
        sa.Column("observed", types.Code, server_default="out", nullable=False),
        sa.Column("refused_code", types.Code, nullable=True),
        sa.Column("refused_for", types.Code, nullable=True),
        sa.Column("left_at", types.Instant(), nullable=True),
        sa.Column("answer_no", types.Number, nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "person_id", "room_no", "account"),
    )
    op.create_index(
        "ix_places_held",
        "places",
        ["room_no"],
        unique=False,
        postgresql_where=sa.text("hold_no IS NOT NULL"),
        sqlite_where=sa.text("hold_no IS NOT NULL"),
    )
    op.create_index(
        "ix_places_outbox",
        "places",
        ["room_no"],
        unique=False,
        postgresql_where=sa.text(
            "wanted <> observed AND account <> '' AND hold_no IS NULL AND refused_for IS DISTINCT FROM wanted"
        ),
        sqlite_where=sa.text(
            "wanted <> observed AND account <> '' AND hold_no IS NULL AND refused_for IS DISTINCT FROM wanted"
        ),
    )
    op.create_index(
        "ix_places_refused",
        "places",
        ["room_no"],
        unique=False,
        postgresql_where=sa.text("refused_for IS NOT NULL"),
        sqlite_where=sa.text("refused_for IS NOT NULL"),
    )
    op.create_index("ix_places_room_no", "places", ["room_no"], unique=False)
    op.create_index(
        "ix_places_waiting",
        "places",
        ["organisation_id"],
        unique=False,
        postgresql_where=sa.text("account = ''"),
        sqlite_where=sa.text("account = ''"),
    )
    op.create_table(
        "platform_tokens",
        sa.Column("token", types.Code, nullable=False),
        sa.Column("last_turn", types.Number, server_default="0", nullable=False),
        sa.Column("paused_until", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("token"),
    )
    op.create_table(
        "rate_slots",
        sa.Column("token", types.Code, nullable=False),
        sa.Column("slot", types.Number, nullable=False),
        sa.Column("free_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("token", "slot"),
    )
    op.create_table(
        "read_backs",
        sa.Column("room_no", types.Number, nullable=False),
        sa.Column("account", types.Code, nullable=False),
        sa.Column("person_id", types.Code, server_default="", nullable=False),
        sa.Column("why", types.Code, nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("room_no", "account"),
    )
    op.create_table(
        "registrations",
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("source", types.Code, nullable=False),
        sa.Column("effective_on", types.Day(), nullable=False),
        sa.Column("sequence", types.Code, nullable=True),
        sa.Column("time", types.Instant(), nullable=False),
        sa.Column("event_id", types.Code, nullable=False),
        sa.Column("event_no", types.Number, nullable=False),
        sa.Column("name", types.Code, nullable=True),
        sa.Column("time_zone", types.Code, nullable=True),
        sa.Column("sis", types.Code, nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "source", "effective_on"),
    )
    op.create_index(
        "ix_registrations_effective_on",
        "registrations",
        ["organisation_id", "effective_on"],
        unique=False,
        postgresql_where=sa.text("effective_on > '0001-01-01'"),
        sqlite_where=sa.text("effective_on > '0001-01-01'"),
    )
    op.create_table(
        "removals",
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("room_no", types.Number, nullable=False),
        sa.Column("person_id", types.Code, nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "room_no", "person_id"),
    )
    op.create_table(
        "rooms",
        sa.Column("room_no", types.Number, autoincrement=True, nullable=False),
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("chat_id", types.Code, nullable=False),
        sa.Column("life", types.Number, nullable=False),
        sa.Column("platform_token", types.Code, nullable=False),
        sa.Column("nonce", types.Code, nullable=False),
        sa.Column("external_chat_id", types.Code, nullable=True),
        sa.Column("wanted_title", types.Code, nullable=False),
        sa.Column("observed_title", types.Code, nullable=True),
        sa.Column("wanted_life", types.Code, server_default="open", nullable=False),
        sa.Column("observed_life", types.Code, server_default="none", nullable=False),
        sa.Column("due_at", types.Instant(), nullable=True),
        sa.Column("grade", types.Number, server_default="2", nullable=False),
        sa.Column("turn", types.Number, server_default="0", nullable=False),
        sa.Column("attempts", types.Number, server_default="0", nullable=False),
        sa.Column("lease_until", types.Instant(), nullable=True),
        sa.Column("lease_no", types.Number, server_default="0", nullable=False),
        sa.Column("in_flight", types.Json(), nullable=True),
        sa.Column("to_list", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("room_no"),
        sa.UniqueConstraint("chat_id", "life", name=op.f("uq_rooms_chat_id_life")),
        sa.UniqueConstraint(
            "platform_token", "external_chat_id", name=op.f("uq_rooms_platform_token_external_chat_id")
        ),
    )
    op.create_index(
        "ix_rooms_due", "rooms", ["grade", "turn"], unique=False, postgresql_where=sa.text("due_at IS NOT NULL")
    )
    op.create_index(
        "ix_rooms_first_due",
        "rooms",
        ["organisation_id", "grade"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index("ix_rooms_organisation_id", "rooms", ["organisation_id"], unique=False)
    op.create_table(
        "ties",
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("person_id", types.Code, nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "person_id"),
    )
    op.create_index("ix_ties_person_id", "ties", ["person_id"], unique=False)
    op.create_table(
        "touched",
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("kind", types.Code, nullable=False),
        sa.Column("id", types.Code, nullable=False),
        sa.Column("event_no", types.Number, nullable=False),
        sa.Column("by_event", sa.Boolean(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "kind", "id"),
    )
