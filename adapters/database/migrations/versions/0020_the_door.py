"""The door: systems that may sign people in, what they signed, and people's time on our pages"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from adapters.database import types

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "issuers",
        sa.Column("iss", types.Code, primary_key=True),
        sa.Column("public_key", types.Code, nullable=False),
        sa.Column("origins", types.Json(), nullable=False),
        sa.Column("product", types.Code, nullable=False),
        sa.Column("region", types.Code, nullable=True),
        sa.Column("organisations", types.Json(), nullable=False),
        sa.Column("added_at", types.Instant(), nullable=False),
    )
    op.create_table(
        "used_hand_overs",
        sa.Column("iss", types.Code, primary_key=True),
        sa.Column("jti", types.Code, primary_key=True),
        sa.Column("expires_at", types.Instant(), nullable=False),
    )
    op.create_index("ix_used_hand_overs_expires_at", "used_hand_overs", ["expires_at"])
    op.create_table(
        "person_sessions",
        sa.Column("digest", types.Code, primary_key=True),
        sa.Column("iss", types.Code, nullable=False),
        sa.Column("person_id", types.Code, nullable=False),
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("role", types.Code, nullable=False),
        sa.Column("page", types.Code, nullable=False),
        sa.Column("return_url", types.Code, nullable=True),
        sa.Column("began_at", types.Instant(), nullable=False),
        sa.Column("used_at", types.Instant(), nullable=False),
    )
    op.create_index("ix_person_sessions_began_at", "person_sessions", ["began_at"])


def downgrade() -> None:
    for name in ("person_sessions", "used_hand_overs", "issuers"):
        op.drop_table(name)
