"""One thing is owed once about a customer; when a contact came on record"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("interactions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("logged_at", sa.DateTime(timezone=True), nullable=True))
    # What two people had asked at once was owed twice: the earlier due time counts.
    op.execute(
        """
        UPDATE obligations SET cancelled_at = triggered_at
        WHERE subject_kind = 'customer' AND done_at IS NULL AND cancelled_at IS NULL AND EXISTS (
            SELECT 1 FROM obligations AS other
            WHERE other.subject_kind = 'customer' AND other.done_at IS NULL AND other.cancelled_at IS NULL
              AND other.kind = obligations.kind AND other.subject_id = obligations.subject_id
              AND (other.due_at < obligations.due_at
                   OR (other.due_at = obligations.due_at AND other.id < obligations.id))
        )
        """
    )
    with op.batch_alter_table("obligations", schema=None) as batch_op:
        batch_op.create_index(
            "uq_obligations_customer_open",
            ["subject_id", "kind"],
            unique=True,
            sqlite_where=sa.text("subject_kind = 'customer' AND done_at IS NULL AND cancelled_at IS NULL"),
            postgresql_where=sa.text(
                "subject_kind = 'customer' AND done_at IS NULL AND cancelled_at IS NULL"
            ),
        )
