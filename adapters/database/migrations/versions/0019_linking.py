"""How people link accounts: requests, codes, sign-ins, phones; and why something was done, in the audit"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from adapters.database import types

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "link_requests",
        sa.Column("person_id", types.Code, primary_key=True),
        sa.Column("tried", types.Json(), nullable=False, server_default="[]"),
        sa.Column("kept_until", types.Instant(), nullable=False),
        sa.Column("request_no", types.Number),
        sa.Column("organisation_id", types.Code),
        sa.Column("issuer", types.Code),
        sa.Column("way", types.Code),
        sa.Column("phase", types.Code),
        sa.Column("phone_digest", types.Code),
        sa.Column("key_id", types.Code),
        sa.Column("phone", types.Bytes()),
        sa.Column("start", types.Code),
        sa.Column("asked_at", types.Instant()),
        sa.Column("account", types.Code),
        sa.Column("code", types.Json()),
    )
    op.create_index("ix_link_requests_request_no", "link_requests", ["request_no"], unique=True)
    op.create_index("ix_link_requests_start", "link_requests", ["start"])
    op.create_index(
        "ix_link_requests_account", "link_requests", ["account"], postgresql_where=sa.text("account IS NOT NULL")
    )
    op.create_index("ix_link_requests_kept_until", "link_requests", ["kept_until"])
    op.create_table(
        "link_failures",
        sa.Column("issuer", types.Code, primary_key=True),
        sa.Column("failed", types.Json(), nullable=False, server_default="[]"),
    )
    op.create_table(
        "phones",
        sa.Column("person_id", types.Code, primary_key=True),
        sa.Column("provider", types.Code, primary_key=True),
        sa.Column("account", types.Code, nullable=False),
        sa.Column("phone_digest", types.Code, nullable=False),
        sa.Column("key_id", types.Code, nullable=False),
        sa.Column("phone", types.Bytes(), nullable=False),
    )
    op.create_index("ix_phones_phone_digest", "phones", ["phone_digest"])
    op.create_table(
        "sign_ins",
        sa.Column("session", types.Code, primary_key=True),
        sa.Column("person_id", types.Code, nullable=False),
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("since", types.Instant(), nullable=False),
        sa.Column("state", types.Code, nullable=False),
        sa.Column("key_id", types.Code, nullable=False),
        sa.Column("secret", types.Bytes(), nullable=False),
        sa.Column("account", types.Code),
    )
    op.create_index("ix_sign_ins_since", "sign_ins", ["since"])
    op.add_column("audit", sa.Column("reason", types.Code, nullable=True))


def downgrade() -> None:
    op.drop_column("audit", "reason")
    for table in ("sign_ins", "phones", "link_failures", "link_requests"):
        op.drop_table(table)
