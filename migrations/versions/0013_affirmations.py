"""A successor is asked about the commitments signed before their time, and answers."""

import sqlalchemy as sa
from alembic import op

from cohorts.ground.append_only import guard, release

revision = "0013_affirmations"
down_revision = "0012_mail_back"
branch_labels = None
depends_on = None

FACTS = ("affirmation_answer",)


def upgrade() -> None:
    op.create_table(
        "affirmation_request",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("signature_id", sa.String(length=16), nullable=False),
        sa.Column("appointment_id", sa.String(length=16), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=40), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointment.id"],
            name=op.f("fk_affirmation_request_appointment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["signature_id"], ["signature.id"], name=op.f("fk_affirmation_request_signature_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_affirmation_request")),
        sa.UniqueConstraint(
            "signature_id",
            "appointment_id",
            name=op.f("uq_affirmation_request_signature_id_appointment_id"),
        ),
    )
    op.create_index(
        op.f("ix_affirmation_request_appointment_id"),
        "affirmation_request",
        ["appointment_id"],
        unique=False,
    )
    op.create_table(
        "affirmation_answer",
        sa.Column("request_id", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("note_id", sa.String(length=16), nullable=True),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column("leaf_id", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "answer IN ('reaffirmed', 'amend', 'declined')",
            name=op.f("ck_affirmation_answer_answer_known"),
        ),
        sa.CheckConstraint(
            "(answer = 'amend') <= (note_id IS NOT NULL)",
            name=op.f("ck_affirmation_answer_amend_says_what"),
        ),
        sa.ForeignKeyConstraint(
            ["leaf_id"], ["log_leaf.id"], name=op.f("fk_affirmation_answer_leaf_id")
        ),
        sa.ForeignKeyConstraint(
            ["note_id"], ["body.id"], name=op.f("fk_affirmation_answer_note_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["affirmation_request.id"],
            name=op.f("fk_affirmation_answer_request_id"),
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_affirmation_answer")),
        info={"append_only": True},
    )
    dialect = op.get_bind().dialect.name
    for table in FACTS:
        for statement in guard(table, dialect):
            op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table in FACTS:
        for statement in release(table, dialect):
            op.execute(statement)
    op.drop_table("affirmation_answer")
    op.drop_index(op.f("ix_affirmation_request_appointment_id"), table_name="affirmation_request")
    op.drop_table("affirmation_request")
