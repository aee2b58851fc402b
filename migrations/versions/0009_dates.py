"""Finding a date: polls, and the days that a region keeps."""

import sqlalchemy as sa
from alembic import op

from cohorts.ground.append_only import guard, release

revision = "0009_dates"
down_revision = "0008_person_merges"
branch_labels = None
depends_on = None

FACTS = ("poll_date", "poll_answer", "poll_word", "poll_choice")


def upgrade() -> None:
    op.create_table(
        "regional_day",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("region_code", sa.String(length=5), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("yearly", sa.Boolean(), nullable=False),
        sa.Column("name_id", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("day_off", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=40), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name=op.f("fk_regional_day_region_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regional_day")),
    )
    op.create_index(
        "uq_regional_day_live",
        "regional_day",
        ["region_code", "day", "name_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "poll",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("cohort_id", sa.String(length=16), nullable=False),
        sa.Column("title_id", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("purpose_id", sa.Text(), nullable=False),
        sa.Column("purpose_en", sa.Text(), nullable=False),
        sa.Column("venue", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("timezone", sa.String(length=40), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(length=40), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (ended_at IS NULL)", name=op.f("ck_poll_open_or_ended")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'decided', 'cancelled')", name=op.f("ck_poll_state_known")
        ),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_poll_cohort_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll")),
    )
    op.create_index(op.f("ix_poll_cohort_id"), "poll", ["cohort_id"], unique=False)
    op.create_table(
        "poll_date",
        sa.Column("poll_id", sa.String(length=16), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_poll_date_ends_after_it_starts")),
        sa.CheckConstraint("n BETWEEN 1 AND 6", name=op.f("ck_poll_date_at_most_six")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_date_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", "n", name=op.f("pk_poll_date")),
        sa.UniqueConstraint(
            "poll_id", "starts_at", "ends_at", name=op.f("uq_poll_date_poll_id_starts_at_ends_at")
        ),
        info={"append_only": True},
    )
    op.create_table(
        "poll_region",
        sa.Column("poll_id", sa.String(length=16), nullable=False),
        sa.Column("region_code", sa.String(length=5), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_region_poll_id")),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name=op.f("fk_poll_region_region_code")
        ),
        sa.PrimaryKeyConstraint("poll_id", "region_code", name=op.f("pk_poll_region")),
    )
    op.create_table(
        "poll_ask",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("poll_id", sa.String(length=16), nullable=False),
        sa.Column("region_code", sa.String(length=5), nullable=False),
        sa.Column("office_id", sa.String(length=16), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_poll_ask_office_id")),
        sa.ForeignKeyConstraint(
            ["poll_id", "region_code"],
            ["poll_region.poll_id", "poll_region.region_code"],
            name=op.f("fk_poll_ask_poll_id_region_code"),
        ),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_ask_poll_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_ask")),
        sa.UniqueConstraint("poll_id", "office_id", name=op.f("uq_poll_ask_poll_id_office_id")),
    )
    op.create_table(
        "poll_choice",
        sa.Column("poll_id", sa.String(length=16), nullable=False),
        sa.Column("date_n", sa.Integer(), nullable=False),
        sa.Column("convening_id", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["convening_id"], ["convening.id"], name=op.f("fk_poll_choice_convening_id")
        ),
        sa.ForeignKeyConstraint(
            ["poll_id", "date_n"],
            ["poll_date.poll_id", "poll_date.n"],
            name=op.f("fk_poll_choice_poll_id_date_n"),
        ),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_choice_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", name=op.f("pk_poll_choice")),
        sa.UniqueConstraint("convening_id", name=op.f("uq_poll_choice_convening_id")),
        info={"append_only": True},
    )
    op.create_table(
        "poll_answer",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("poll_id", sa.String(length=16), nullable=False),
        sa.Column("region_code", sa.String(length=5), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("ask_id", sa.String(length=16), nullable=False),
        sa.Column("note_id", sa.String(length=16), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["ask_id"], ["poll_ask.id"], name=op.f("fk_poll_answer_ask_id")),
        sa.ForeignKeyConstraint(["note_id"], ["body.id"], name=op.f("fk_poll_answer_note_id")),
        sa.ForeignKeyConstraint(
            ["poll_id", "region_code"],
            ["poll_region.poll_id", "poll_region.region_code"],
            name=op.f("fk_poll_answer_poll_id_region_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_answer")),
        sa.UniqueConstraint("id", "poll_id", name=op.f("uq_poll_answer_id_poll_id")),
        sa.UniqueConstraint(
            "poll_id", "region_code", "n", name=op.f("uq_poll_answer_poll_id_region_code_n")
        ),
        info={"append_only": True},
    )
    op.create_table(
        "poll_word",
        sa.Column("answer_id", sa.String(length=16), nullable=False),
        sa.Column("poll_id", sa.String(length=16), nullable=False),
        sa.Column("date_n", sa.Integer(), nullable=False),
        sa.Column("says", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "says IN ('yes', 'if_needed', 'no')", name=op.f("ck_poll_word_says_known")
        ),
        sa.ForeignKeyConstraint(
            ["answer_id", "poll_id"],
            ["poll_answer.id", "poll_answer.poll_id"],
            name=op.f("fk_poll_word_answer_id_poll_id"),
        ),
        sa.ForeignKeyConstraint(
            ["poll_id", "date_n"],
            ["poll_date.poll_id", "poll_date.n"],
            name=op.f("fk_poll_word_poll_id_date_n"),
        ),
        sa.PrimaryKeyConstraint("answer_id", "date_n", name=op.f("pk_poll_word")),
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
    op.drop_table("poll_word")
    op.drop_table("poll_answer")
    op.drop_table("poll_choice")
    op.drop_table("poll_ask")
    op.drop_table("poll_region")
    op.drop_table("poll_date")
    op.drop_index(op.f("ix_poll_cohort_id"), table_name="poll")
    op.drop_table("poll")
    op.drop_index(
        "uq_regional_day_live",
        table_name="regional_day",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_table("regional_day")
