"""The notice of a new school year"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from adapters.database import types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "school_years",
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("student_id", types.Code, nullable=False),
        sa.Column("school_year", types.Code, nullable=False),
        sa.Column("enrolment_no", types.Number, nullable=False),
        sa.Column("noticed_on", types.Day(), nullable=True),
        sa.Column("closed_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "student_id"),
    )
