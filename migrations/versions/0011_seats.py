"""What seats are for, how many there may be, the waiting list, and what guests need."""

import sqlalchemy as sa
from alembic import op

from cohorts.ground.append_only import guard, release

revision = "0011_seats"
down_revision = "0010_letters"
branch_labels = None
depends_on = None

FACTS = ("capacity", "place")


def upgrade() -> None:
    op.create_table(
        "guest_rule_seat",
        sa.Column("convening_id", sa.String(length=16), nullable=False),
        sa.Column("role_key", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("post_key", sa.String(length=20), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind = 'office' OR post_key IS NULL",
            name=op.f("ck_guest_rule_seat_companions_have_no_post"),
        ),
        sa.CheckConstraint(
            "kind IN ('office', 'companion')", name=op.f("ck_guest_rule_seat_kind_known")
        ),
        sa.CheckConstraint(
            "number BETWEEN 1 AND 9", name=op.f("ck_guest_rule_seat_number_in_bounds")
        ),
        sa.ForeignKeyConstraint(
            ["convening_id", "role_key"],
            ["guest_rule.convening_id", "guest_rule.role_key"],
            name=op.f("fk_guest_rule_seat_convening_id_role_key"),
        ),
        sa.ForeignKeyConstraint(
            ["post_key"], ["role.key"], name=op.f("fk_guest_rule_seat_post_key")
        ),
        sa.PrimaryKeyConstraint(
            "convening_id", "role_key", "position", name=op.f("pk_guest_rule_seat")
        ),
    )
    op.create_table(
        "guest_office",
        sa.Column("convening_id", sa.String(length=16), nullable=False),
        sa.Column("office_id", sa.String(length=16), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["convening_id"], ["convening.id"], name=op.f("fk_guest_office_convening_id")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_guest_office_office_id")
        ),
        sa.PrimaryKeyConstraint("convening_id", "office_id", name=op.f("pk_guest_office")),
    )
    op.create_table(
        "seat_post",
        sa.Column("seat_id", sa.String(length=16), nullable=False),
        sa.Column("post_key", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["post_key"], ["role.key"], name=op.f("fk_seat_post_post_key")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_seat_post_seat_id")),
        sa.PrimaryKeyConstraint("seat_id", name=op.f("pk_seat_post")),
    )
    op.create_table(
        "capacity",
        sa.Column("convening_id", sa.String(length=16), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("per_region", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "per_region IS NULL OR per_region > 0", name=op.f("ck_capacity_per_region_positive")
        ),
        sa.CheckConstraint("seats IS NULL OR seats > 0", name=op.f("ck_capacity_seats_positive")),
        sa.ForeignKeyConstraint(
            ["convening_id"], ["convening.id"], name=op.f("fk_capacity_convening_id")
        ),
        sa.PrimaryKeyConstraint("convening_id", "n", name=op.f("pk_capacity")),
        info={"append_only": True},
    )
    op.create_table(
        "place",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("seat_id", sa.String(length=16), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_place_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        info={"append_only": True},
    )
    op.create_index(op.f("ix_place_seat_id"), "place", ["seat_id"], unique=False)
    op.create_table(
        "need",
        sa.Column("seat_id", sa.String(length=16), nullable=False),
        sa.Column("diet", sa.String(length=200), nullable=False),
        sa.Column("access", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("diet <> '' OR access <> ''", name=op.f("ck_need_says_something")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_need_seat_id")),
        sa.PrimaryKeyConstraint("seat_id", name=op.f("pk_need")),
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
    op.drop_table("need")
    op.drop_index(op.f("ix_place_seat_id"), table_name="place")
    op.drop_table("place")
    op.drop_table("capacity")
    op.drop_table("seat_post")
    op.drop_table("guest_office")
    op.drop_table("guest_rule_seat")
