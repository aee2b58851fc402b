"""Two records of one person are merged, and parted again."""

import sqlalchemy as sa
from alembic import op

from cohorts.ground.append_only import guard, release

revision = "0008_person_merges"
down_revision = "0007_pledges"
branch_labels = None
depends_on = None

FACTS = ("person_merge", "person_merge_undo")


def upgrade() -> None:
    op.create_table(
        "person_merge",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("merged_id", sa.String(length=16), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.CheckConstraint("kept_id <> merged_id", name=op.f("ck_person_merge_two_records")),
        sa.ForeignKeyConstraint(["kept_id"], ["person.id"], name=op.f("fk_person_merge_kept_id")),
        sa.ForeignKeyConstraint(
            ["merged_id"], ["person.id"], name=op.f("fk_person_merge_merged_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merge")),
        sa.UniqueConstraint("merged_id", "n", name=op.f("uq_person_merge_merged_id_n")),
        info={"append_only": True},
    )
    op.create_index(op.f("ix_person_merge_kept_id"), "person_merge", ["kept_id"], unique=False)
    op.create_table(
        "person_merge_undo",
        sa.Column("merge_id", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["merge_id"], ["person_merge.id"], name=op.f("fk_person_merge_undo_merge_id")
        ),
        sa.PrimaryKeyConstraint("merge_id", name=op.f("pk_person_merge_undo")),
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
    op.drop_table("person_merge_undo")
    op.drop_index(op.f("ix_person_merge_kept_id"), table_name="person_merge")
    op.drop_table("person_merge")
