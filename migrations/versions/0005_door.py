"""Stations, scans and acts."""

import sqlalchemy as sa
from alembic import op

from cohorts.ground.append_only import guard, release

revision = "0005_door"
down_revision = "0004_convenings"
branch_labels = None
depends_on = None

FACTS = (
    "act",
    "scan",
)


def upgrade() -> None:
    op.create_table('station',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('gate', sa.String(length=80), nullable=False),
    sa.Column('may_search', sa.Boolean(), nullable=False),
    sa.Column('may_undo', sa.Boolean(), nullable=False),
    sa.Column('generation', sa.Integer(), nullable=False),
    sa.Column('enrol_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('enrolled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('unsent', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=40), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_station'))
    )
    op.create_table('act',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('client_id', sa.String(length=40), nullable=False),
    sa.Column('convening_id', sa.String(length=16), nullable=False),
    sa.Column('part', sa.String(length=20), nullable=False),
    sa.Column('person_id', sa.String(length=16), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=6), nullable=False),
    sa.Column('mode', sa.String(length=6), nullable=False),
    sa.Column('undoes_id', sa.String(length=16), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('station_id', sa.String(length=16), nullable=True),
    sa.Column('place', sa.String(length=80), nullable=False),
    sa.Column('actor', sa.String(length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(kind = 'undo') <= (reason <> '')", name=op.f('ck_act_undo_has_reason')),
    sa.CheckConstraint("(kind = 'undo') = (undoes_id IS NOT NULL)", name=op.f('ck_act_undo_names_its_act')),
    sa.CheckConstraint("kind IN ('admit', 'leave', 'return', 'undo')", name=op.f('ck_act_kind_known')),
    sa.CheckConstraint("mode IN ('qr', 'code', 'name')", name=op.f('ck_act_mode_known')),
    sa.ForeignKeyConstraint(['convening_id'], ['convening.id'], name=op.f('fk_act_convening_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_act_person_id')),
    sa.ForeignKeyConstraint(['station_id'], ['station.id'], name=op.f('fk_act_station_id')),
    sa.ForeignKeyConstraint(['undoes_id'], ['act.id'], name=op.f('fk_act_undoes_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_act')),
    sa.UniqueConstraint('client_id', name=op.f('uq_act_client_id')),
    sa.UniqueConstraint('undoes_id', name=op.f('uq_act_undoes_id')),
    info={'append_only': True}
    )
    op.create_index(op.f('ix_act_person_id'), 'act', ['person_id'], unique=False)
    op.create_index('uq_act_one_admission', 'act', ['convening_id', 'part', 'person_id', 'round'], unique=True, sqlite_where=sa.text("kind = 'admit'"), postgresql_where=sa.text("kind = 'admit'"))
    op.create_table('scan',
    sa.Column('client_id', sa.String(length=40), nullable=False),
    sa.Column('convening_id', sa.String(length=16), nullable=False),
    sa.Column('part', sa.String(length=20), nullable=False),
    sa.Column('station_id', sa.String(length=16), nullable=True),
    sa.Column('place', sa.String(length=80), nullable=False),
    sa.Column('actor', sa.String(length=40), nullable=False),
    sa.Column('act', sa.String(length=6), nullable=False),
    sa.Column('mode', sa.String(length=6), nullable=False),
    sa.Column('person_id', sa.String(length=16), nullable=True),
    sa.Column('act_id', sa.String(length=16), nullable=True),
    sa.Column('outcome', sa.String(length=10), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=True),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(outcome = 'refused') = (code IS NOT NULL)", name=op.f('ck_scan_refused_why')),
    sa.CheckConstraint("act IN ('admit', 'leave', 'return', 'undo')", name=op.f('ck_scan_act_known')),
    sa.CheckConstraint("code IS NULL OR code IN ('unknown', 'forged', 'revoked', 'wrong_convening', 'not_open', 'closed', 'replaced')", name=op.f('ck_scan_code_known')),
    sa.CheckConstraint("outcome NOT IN ('admitted', 'already') OR person_id IS NOT NULL", name=op.f('ck_scan_somebody_came')),
    sa.CheckConstraint("mode IN ('qr', 'code', 'name')", name=op.f('ck_scan_mode_known')),
    sa.CheckConstraint("outcome IN ('admitted', 'already', 'refused', 'undone', 'done', 'waiting')", name=op.f('ck_scan_outcome_known')),
    sa.ForeignKeyConstraint(['convening_id'], ['convening.id'], name=op.f('fk_scan_convening_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_scan_person_id')),
    sa.ForeignKeyConstraint(['station_id'], ['station.id'], name=op.f('fk_scan_station_id')),
    sa.PrimaryKeyConstraint('client_id', name=op.f('pk_scan')),
    info={'append_only': True}
    )
    op.create_index(op.f('ix_scan_convening_id_person_id_part'), 'scan', ['convening_id', 'person_id', 'part'], unique=False)
    op.create_index(op.f('ix_scan_convening_id_received_at'), 'scan', ['convening_id', 'received_at'], unique=False)
    op.create_table('station_convening',
    sa.Column('station_id', sa.String(length=16), nullable=False),
    sa.Column('convening_id', sa.String(length=16), nullable=False),
    sa.ForeignKeyConstraint(['convening_id'], ['convening.id'], name=op.f('fk_station_convening_convening_id')),
    sa.ForeignKeyConstraint(['station_id'], ['station.id'], name=op.f('fk_station_convening_station_id')),
    sa.PrimaryKeyConstraint('station_id', 'convening_id', name=op.f('pk_station_convening'))
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
    op.drop_table('station_convening')
    op.drop_index(op.f('ix_scan_convening_id_received_at'), table_name='scan')
    op.drop_index(op.f('ix_scan_convening_id_person_id_part'), table_name='scan')
    op.drop_table('scan')
    op.drop_index('uq_act_one_admission', table_name='act', sqlite_where=sa.text("kind = 'admit'"), postgresql_where=sa.text("kind = 'admit'"))
    op.drop_index(op.f('ix_act_person_id'), table_name='act')
    op.drop_table('act')
    op.drop_table('station')
