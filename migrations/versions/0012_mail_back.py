"""What the post office says of sent messages, and the mail that comes back from guests."""

import sqlalchemy as sa
from alembic import op

from cohorts.ground.append_only import guard, release

revision = "0012_mail_back"
down_revision = "0011_seats"
branch_labels = None
depends_on = None

FACTS = ("mail_event",)


def upgrade() -> None:
    op.create_table(
        "mail_event",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('deferred', 'delivered', 'bounced', 'suppressed', 'reported')",
            name=op.f("ck_mail_event_outcome_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_event")),
        info={"append_only": True},
    )
    op.create_index(op.f("ix_mail_event_reference"), "mail_event", ["reference"], unique=False)
    op.create_table(
        "guest_mail",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("invitation_id", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("why", sa.String(length=60), nullable=False),
        sa.Column("sender", sa.String(length=254), nullable=False),
        sa.Column("attendee", sa.String(length=254), nullable=False),
        sa.Column("partstat", sa.String(length=20), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("stamp", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text_id", sa.String(length=16), nullable=True),
        sa.Column("reply_id", sa.String(length=16), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_by", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "kind IN ('answer', 'confirm', 'older', 'counter', 'message', 'automatic')",
            name=op.f("ck_guest_mail_kind_known"),
        ),
        sa.CheckConstraint(
            "(kind = 'answer') = (reply_id IS NOT NULL)",
            name=op.f("ck_guest_mail_answer_recorded"),
        ),
        sa.CheckConstraint(
            "(read_at IS NULL) = (read_by IS NULL)", name=op.f("ck_guest_mail_read_by_whom")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_guest_mail_invitation_id")
        ),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_guest_mail_reply_id")),
        sa.ForeignKeyConstraint(
            ["sha256"], ["stored_file.sha256"], name=op.f("fk_guest_mail_sha256")
        ),
        sa.ForeignKeyConstraint(["text_id"], ["body.id"], name=op.f("fk_guest_mail_text_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_mail")),
        sa.UniqueConstraint("invitation_id", "key", name=op.f("uq_guest_mail_invitation_id_key")),
    )
    dialect = op.get_bind().dialect.name
    for table in FACTS:
        for statement in guard(table, dialect):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("guest_mail")
    dialect = op.get_bind().dialect.name
    for table in FACTS:
        for statement in release(table, dialect):
            op.execute(statement)
    op.drop_index(op.f("ix_mail_event_reference"), table_name="mail_event")
    op.drop_table("mail_event")
