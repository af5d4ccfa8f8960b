"""Places are updated where they stand: no index names what settling and planning change

The outbox is found by its rooms. PostgreSQL keeps a quarter of each page free, so that a place's new version fits
beside the old one and no index has to be written.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_places_outbox", "places")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE places SET (fillfactor=75)")


def downgrade() -> None:
    differs = "wanted <> observed AND account <> '' AND hold_no IS NULL AND refused_for IS DISTINCT FROM wanted"
    where = text(differs)
    op.create_index("ix_places_outbox", "places", ["room_no"], postgresql_where=where, sqlite_where=where)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE places RESET (fillfactor)")
