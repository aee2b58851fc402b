"""What stands behind an answer that an organiser recorded: a call, a message, a letter."""

import sqlalchemy as sa
from alembic import op

from cohorts.ground.append_only import guard, release

revision = "0015_heard"
down_revision = "0014_programme"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reply_heard",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("reply_id", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("note_id", sa.String(length=16), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "channel IN ('phone', 'chat', 'letter', 'mail', 'in_person')",
            name=op.f("ck_reply_heard_channel_known"),
        ),
        sa.ForeignKeyConstraint(["note_id"], ["body.id"], name=op.f("fk_reply_heard_note_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_reply_heard_reply_id")),
        sa.ForeignKeyConstraint(
            ["sha256"], ["stored_file.sha256"], name=op.f("fk_reply_heard_sha256")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_heard")),
        info={"append_only": True},
    )
    op.create_index(op.f("ix_reply_heard_reply_id"), "reply_heard", ["reply_id"], unique=False)
    for statement in guard("reply_heard", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in release("reply_heard", op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_table("reply_heard")
