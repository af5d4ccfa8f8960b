"""Guards and holds: limits by school and span, since when a room has its chat, joins on hold, who decided when"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from adapters.database import types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

# A room whose making is no longer known is an old one.
MADE_AT = """
    UPDATE rooms SET made_at = COALESCE(
        (SELECT min(calls.at) FROM calls WHERE calls.room_no = rooms.room_no AND calls.action = 'create'),
        (SELECT max(used_at) FROM adoption_codes AS code
         WHERE code.organisation_id = rooms.organisation_id AND code.chat_id = rooms.chat_id),
        :long_ago
    ) WHERE external_chat_id IS NOT NULL
"""
PLANNED_ANEW = """
    INSERT INTO affected (organisation_id, kind, id, event_no, by_event, at)
    SELECT organisation_id, 'person', person_id, max(cause_no), false, :now FROM places
    WHERE hold_no IS NOT NULL AND reasons <> '[]' GROUP BY organisation_id, person_id
    ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    op.add_column("rooms", sa.Column("made_at", types.Instant()))
    op.add_column("places", sa.Column("rejected", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("removals", sa.Column("kinds", types.Json(), server_default="[]", nullable=False))
    op.add_column("holds", sa.Column("decided_at", types.Instant()))
    op.create_table(
        "guard_limits",
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("from_on", types.Day(), nullable=False),
        sa.Column("to_on", types.Day(), nullable=False),
        sa.Column("limits", types.Json(), nullable=False),
        sa.Column("set_by", types.Code, nullable=False),
        sa.Column("set_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "from_on", "to_on"),
    )
    _partial("ix_holds_expires_at", "holds", ["expires_at"], "state = 'held'")
    _partial("ix_holds_approved", "holds", ["organisation_id", "decided_at"], "state = 'approved'")
    _partial("ix_places_hold_no", "places", ["hold_no"], "hold_no IS NOT NULL")
    op.execute("UPDATE places SET rejected = true WHERE hold_no IS NOT NULL AND wanted <> 'out'")
    op.execute(_at(MADE_AT, "long_ago", LONG_AGO))


def downgrade() -> None:
    """The former version knows no joins on hold: whom they are of is planned anew there."""
    op.execute(_at(PLANNED_ANEW, "now", datetime.now(UTC)))
    op.execute("UPDATE places SET hold_no = NULL WHERE hold_no IS NOT NULL AND reasons <> '[]'")
    op.drop_index("ix_places_hold_no", "places")
    op.drop_index("ix_holds_approved", "holds")
    op.drop_index("ix_holds_expires_at", "holds")
    op.drop_table("guard_limits")
    for table, column in (("holds", "decided_at"), ("removals", "kinds"), ("places", "rejected"), ("rooms", "made_at")):
        op.drop_column(table, column)


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, postgresql_where=sa.text(where), sqlite_where=sa.text(where))


def _at(statement: str, name: str, instant: datetime) -> sa.TextClause:
    return sa.text(statement).bindparams(sa.bindparam(name, instant, type_=types.Instant()))
