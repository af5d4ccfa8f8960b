"""The service's own account behind each platform token"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from adapters.database import types

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("platform_tokens", sa.Column("own_account", types.Code, nullable=True))


def downgrade() -> None:
    op.drop_column("platform_tokens", "own_account")
