"""Looks at rooms in turn, what is decided of who is found there, and reports of whole schools"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from adapters.database import types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ROOMS = (("looked_at", types.Instant()), ("look_until", types.Instant()), ("kept_for", types.Code))
STRANGERS = (("decision", types.Code), ("decided_by", types.Code), ("decided_at", types.Instant()))
TURNS = (("ix_rooms_looked_at", "external_chat_id IS NOT NULL"), ("ix_rooms_to_list", "to_list"))


def upgrade() -> None:
    for name, kind in ROOMS:
        op.add_column("rooms", sa.Column(name, kind, nullable=True))
    for name, where in TURNS:
        op.create_index(name, "rooms", ["platform_token", "looked_at"], postgresql_where=sa.text(where))
    op.add_column("organisations", sa.Column("strangers", types.Code, server_default="ask", nullable=False))
    op.add_column("organisations", sa.Column("strangers_by", types.Code, nullable=True))
    op.add_column("organisations", sa.Column("titles", types.Code, server_default="revert", nullable=False))
    op.add_column("places", sa.Column("returned_at", types.Instant(), nullable=True))
    returned = sa.text("returned_at IS NOT NULL")
    op.create_index("ix_places_returned", "places", ["room_no"], postgresql_where=returned, sqlite_where=returned)
    _strangers()
    _reconciles()


def _strangers() -> None:
    op.add_column("strangers", sa.Column("observed", types.Code, server_default="member", nullable=False))
    for name, kind in (*STRANGERS, ("refused_code", types.Code)):
        op.add_column("strangers", sa.Column(name, kind, nullable=True))
    op.execute("UPDATE strangers SET decision = 'ask', decided_at = seen_at")


def _reconciles() -> None:
    op.create_table(
        "reconciles",
        sa.Column("run_no", types.Number, autoincrement=True, nullable=False),
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("apply", sa.Boolean(), nullable=False),
        sa.Column("ordered_by", types.Code, nullable=False),
        sa.Column("begun_at", types.Instant(), nullable=False),
        sa.Column("ended_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("run_no"),
    )
    op.create_index("ix_reconciles_organisation_id", "reconciles", ["organisation_id", "run_no"])
    op.create_table(
        "reconcile_rooms",
        sa.Column("run_no", types.Number, nullable=False),
        sa.Column("room_no", types.Number, nullable=False),
        sa.Column("platform_token", types.Code, nullable=False),
        sa.Column("look_until", types.Instant(), nullable=True),
        sa.Column("looked_at", types.Instant(), nullable=True),
        sa.Column("failure", types.Code, nullable=True),
        sa.Column("differences", types.Json(), server_default="[]", nullable=False),
        sa.PrimaryKeyConstraint("run_no", "room_no"),
    )
    where = sa.text("looked_at IS NULL")
    op.create_index("ix_reconcile_rooms_left", "reconcile_rooms", ["platform_token", "run_no"], postgresql_where=where)


def downgrade() -> None:
    op.drop_table("reconcile_rooms")
    op.drop_table("reconciles")
    for name in ("refused_code", "decided_at", "decided_by", "decision", "observed"):
        op.drop_column("strangers", name)
    op.drop_index("ix_places_returned", "places")
    op.drop_column("places", "returned_at")
    for name in ("titles", "strangers_by", "strangers"):
        op.drop_column("organisations", name)
    for name, _ in TURNS:
        op.drop_index(name, "rooms")
    for name, _ in reversed(ROOMS):
        op.drop_column("rooms", name)
