"""Sessions have a kind, a room, several speakers and materials; a programme has its own version."""

import sqlalchemy as sa
from alembic import op

revision = "0014_programme"
down_revision = "0013_affirmations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "programme",
        sa.Column("convening_id", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["convening_id"], ["convening.id"], name=op.f("fk_programme_convening_id")
        ),
        sa.PrimaryKeyConstraint("convening_id", name=op.f("pk_programme")),
    )
    with op.batch_alter_table("session") as batch:
        batch.add_column(
            sa.Column("kind", sa.String(length=10), nullable=False, server_default="plenary")
        )
        batch.add_column(
            sa.Column("room", sa.String(length=120), nullable=False, server_default="")
        )
        batch.create_check_constraint(
            op.f("ck_session_kind_known"), "kind IN ('plenary', 'break', 'parallel')"
        )
    op.create_table(
        "session_speaker",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("session_id", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=True),
        sa.Column("office_id", sa.String(length=16), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(CASE WHEN person_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN office_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN name = '' THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_session_speaker_one_of_three"),
        ),
        sa.CheckConstraint(
            "role IN ('speaker', 'moderator', 'committee')",
            name=op.f("ck_session_speaker_role_known"),
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_session_speaker_office_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_session_speaker_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_session_speaker_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_speaker")),
        sa.UniqueConstraint(
            "session_id", "position", name=op.f("uq_session_speaker_session_id_position")
        ),
    )
    for column in ("office_id", "person_id"):
        op.create_index(op.f(f"ix_session_speaker_{column}"), "session_speaker", [column])
    op.create_table(
        "session_material",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("session_id", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(url = '') = (sha256 IS NOT NULL)", name=op.f("ck_session_material_file_or_link")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_session_material_session_id")
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["stored_file.sha256"], name=op.f("fk_session_material_sha256")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_material")),
        sa.UniqueConstraint(
            "session_id", "position", name=op.f("uq_session_material_session_id_position")
        ),
    )
    # Who speaks was one line of text: it becomes the first speaker, as a name from outside. A
    # session has one such line, so its own id serves.
    op.execute(
        "INSERT INTO session_speaker (id, session_id, position, role, name) "
        "SELECT id, id, 1, 'speaker', speaker FROM session WHERE speaker <> ''"
    )
    # Not in a batch: that drops the table, and the speakers hold on to its rows.
    op.drop_column("session", "speaker")


def downgrade() -> None:
    op.add_column(
        "session", sa.Column("speaker", sa.String(length=200), nullable=False, server_default="")
    )
    op.execute(
        "UPDATE session SET speaker = COALESCE((SELECT s.name FROM session_speaker s "
        "WHERE s.session_id = session.id AND s.name <> '' ORDER BY s.position LIMIT 1), '')"
    )
    op.drop_table("session_material")
    for column in ("office_id", "person_id"):
        op.drop_index(op.f(f"ix_session_speaker_{column}"), table_name="session_speaker")
    op.drop_table("session_speaker")
    with op.batch_alter_table("session") as batch:
        batch.drop_constraint(op.f("ck_session_kind_known"), type_="check")
        batch.drop_column("room")
        batch.drop_column("kind")
        batch.alter_column("speaker", server_default=None)
    op.drop_table("programme")
