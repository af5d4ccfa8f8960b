"""Where the people of a school sign in to its system"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from adapters.database import types

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("organisations", sa.Column("sign_in_url", types.Code, nullable=True))


def downgrade() -> None:
    op.drop_column("organisations", "sign_in_url")
