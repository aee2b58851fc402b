"""The surat undangan: letterheads, what a convening's letter says, its numbers, its own texts."""

import sqlalchemy as sa
from alembic import op

from cohorts.ground.append_only import guard, release

revision = "0010_letters"
down_revision = "0009_dates"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letterhead",
        sa.Column("organisation_id", sa.String(length=16), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("phone", sa.String(length=60), nullable=False),
        sa.Column("mail", sa.String(length=254), nullable=False),
        sa.Column("site", sa.String(length=120), nullable=False),
        sa.Column("emblem_sha256", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["emblem_sha256"], ["stored_file.sha256"], name=op.f("fk_letterhead_emblem_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_letterhead_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_letterhead")),
    )
    op.create_table(
        "letter",
        sa.Column("convening_id", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.String(length=16), nullable=True),
        sa.Column("mode", sa.String(length=4), nullable=False),
        sa.Column("numbering", sa.String(length=8), nullable=False),
        sa.Column("pattern", sa.String(length=80), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("first_number", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("security", sa.String(length=40), nullable=False),
        sa.Column("attachment", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("confirmation", sa.Text(), nullable=False),
        sa.Column("ending", sa.Text(), nullable=False),
        sa.Column("with_programme", sa.Boolean(), nullable=False),
        sa.Column("signer_office", sa.String(length=300), nullable=False),
        sa.Column("signer_name", sa.String(length=200), nullable=False),
        sa.Column("signer_rank", sa.String(length=80), nullable=False),
        sa.Column("signer_nip", sa.String(length=18), nullable=False),
        sa.Column("copies", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("mode IN ('each', 'list')", name=op.f("ck_letter_mode_known")),
        sa.CheckConstraint(
            "numbering IN ('waiting', 'one', 'each')", name=op.f("ck_letter_numbering_known")
        ),
        sa.CheckConstraint("first_number >= 1", name=op.f("ck_letter_first_number_counts")),
        sa.ForeignKeyConstraint(
            ["convening_id"], ["convening.id"], name=op.f("fk_letter_convening_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["letterhead.organisation_id"],
            name=op.f("fk_letter_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("convening_id", name=op.f("pk_letter")),
    )
    op.create_table(
        "letter_number",
        sa.Column("invitation_id", sa.String(length=16), nullable=False),
        sa.Column("convening_id", sa.String(length=16), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["convening_id"], ["convening.id"], name=op.f("fk_letter_number_convening_id")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_letter_number_invitation_id")
        ),
        sa.PrimaryKeyConstraint("invitation_id", name=op.f("pk_letter_number")),
        sa.UniqueConstraint("convening_id", "n", name=op.f("uq_letter_number_convening_id_n")),
        sa.UniqueConstraint(
            "convening_id", "number", name=op.f("uq_letter_number_convening_id_number")
        ),
        info={"append_only": True},
    )
    op.create_table(
        "own_text",
        sa.Column("convening_id", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["convening_id"], ["convening.id"], name=op.f("fk_own_text_convening_id")
        ),
        sa.PrimaryKeyConstraint("convening_id", "key", "lang", name=op.f("pk_own_text")),
    )
    op.create_table(
        "letter_run",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("convening_id", sa.String(length=16), nullable=False),
        sa.Column("form", sa.String(length=3), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=40), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("form IN ('pdf', 'zip')", name=op.f("ck_letter_run_form_known")),
        sa.CheckConstraint(
            "(finished_at IS NULL) = (file_sha256 IS NULL)",
            name=op.f("ck_letter_run_finished_has_file"),
        ),
        sa.ForeignKeyConstraint(
            ["convening_id"], ["convening.id"], name=op.f("fk_letter_run_convening_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_run")),
    )
    op.create_index(
        op.f("ix_letter_run_convening_id"), "letter_run", ["convening_id"], unique=False
    )
    for statement in guard("letter_number", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in release("letter_number", op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_index(op.f("ix_letter_run_convening_id"), table_name="letter_run")
    op.drop_table("letter_run")
    op.drop_table("own_text")
    op.drop_table("letter_number")
    op.drop_table("letter")
    op.drop_table("letterhead")
