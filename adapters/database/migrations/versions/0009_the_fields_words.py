"""The field's words: assertions of accounts, what is affected, a room's position in the queue"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = (("account_words", "account_assertions"), ("touched", "affected"))
ACCOUNT = ("provider", "external_user_id")


def upgrade() -> None:
    op.drop_index("ix_account_words_external_user_id", "account_words")
    for before, after in TABLES:
        op.rename_table(before, after)
    op.create_index("ix_account_assertions_external_user_id", "account_assertions", ACCOUNT)
    op.execute("ALTER TABLE rooms RENAME COLUMN turn TO queue_position")


def downgrade() -> None:
    op.execute("ALTER TABLE rooms RENAME COLUMN queue_position TO turn")
    op.drop_index("ix_account_assertions_external_user_id", "account_assertions")
    for before, after in TABLES:
        op.rename_table(after, before)
    op.create_index("ix_account_words_external_user_id", "account_words", ACCOUNT)
