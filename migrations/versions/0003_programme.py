"""Cohorts, members, visits, scores and the threshold."""

import sqlalchemy as sa
from alembic import op

from cohorts.ground.append_only import guard, release

revision = "0003_programme"
down_revision = "0002_directory"
branch_labels = None
depends_on = None

FACTS = (
    "score",
    "membership",
    "threshold",
    "visit",
    "membership_end",
)


def upgrade() -> None:
    op.create_table('cohort',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('slug', sa.String(length=60), nullable=False),
    sa.Column('name_id', sa.String(length=120), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=False),
    sa.Column('purpose_id', sa.Text(), nullable=False),
    sa.Column('purpose_en', sa.Text(), nullable=False),
    sa.Column('reference_region_code', sa.String(length=5), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('timezone', sa.String(length=40), nullable=False),
    sa.Column('sample', sa.Boolean(), nullable=False),
    sa.Column('public', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['reference_region_code'], ['region.code'], name=op.f('fk_cohort_reference_region_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cohort')),
    sa.UniqueConstraint('slug', name=op.f('uq_cohort_slug'))
    )
    op.create_table('score',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('region_code', sa.String(length=5), nullable=False),
    sa.Column('instrument', sa.String(length=20), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('value', sa.Numeric(precision=4, scale=2), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('published_on', sa.Date(), nullable=True),
    sa.Column('source', sa.String(length=300), nullable=False),
    sa.Column('withdrawn', sa.Boolean(), nullable=False),
    sa.Column('supersedes_id', sa.String(length=16), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.String(length=40), nullable=False),
    sa.CheckConstraint("kind IN ('official', 'self_assessment', 'simulation')", name=op.f('ck_score_kind_known')),
    sa.CheckConstraint('value BETWEEN 1 AND 5', name=op.f('ck_score_value_on_scale')),
    sa.CheckConstraint('year BETWEEN 2018 AND 2100', name=op.f('ck_score_year_plausible')),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_score_region_code')),
    sa.ForeignKeyConstraint(['supersedes_id'], ['score.id'], name=op.f('fk_score_supersedes_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_score')),
    sa.UniqueConstraint('supersedes_id', name=op.f('uq_score_supersedes_id')),
    info={'append_only': True}
    )
    op.create_index(op.f('ix_score_region_code_instrument_year'), 'score', ['region_code', 'instrument', 'year'], unique=False)
    op.create_table('membership',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('cohort_id', sa.String(length=16), nullable=False),
    sa.Column('region_code', sa.String(length=5), nullable=False),
    sa.Column('entry_path', sa.String(length=30), nullable=False),
    sa.Column('joined_on', sa.Date(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.String(length=40), nullable=False),
    sa.CheckConstraint("entry_path IN ('visited', 'invited_as_high_performer', 'later')", name=op.f('ck_membership_entry_path_known')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_membership_cohort_id')),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_membership_region_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_membership')),
    info={'append_only': True}
    )
    op.create_index(op.f('ix_membership_cohort_id_region_code'), 'membership', ['cohort_id', 'region_code'], unique=False)
    op.create_table('threshold',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('cohort_id', sa.String(length=16), nullable=False),
    sa.Column('instrument', sa.String(length=20), nullable=False),
    sa.Column('value', sa.Numeric(precision=4, scale=2), nullable=False),
    sa.Column('source', sa.String(length=300), nullable=False),
    sa.Column('effective_on', sa.Date(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_threshold_cohort_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_threshold')),
    info={'append_only': True}
    )
    op.create_index(op.f('ix_threshold_cohort_id_recorded_at'), 'threshold', ['cohort_id', 'recorded_at'], unique=False)
    op.create_table('visit',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('cohort_id', sa.String(length=16), nullable=False),
    sa.Column('region_code', sa.String(length=5), nullable=True),
    sa.Column('institution', sa.String(length=200), nullable=True),
    sa.Column('visited_on', sa.Date(), nullable=True),
    sa.Column('source', sa.String(length=300), nullable=False),
    sa.Column('withdrawn', sa.Boolean(), nullable=False),
    sa.Column('supersedes_id', sa.String(length=16), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.String(length=40), nullable=False),
    sa.CheckConstraint('(region_code IS NULL) <> (institution IS NULL)', name=op.f('ck_visit_region_or_institution')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_visit_cohort_id')),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_visit_region_code')),
    sa.ForeignKeyConstraint(['supersedes_id'], ['visit.id'], name=op.f('fk_visit_supersedes_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit')),
    sa.UniqueConstraint('supersedes_id', name=op.f('uq_visit_supersedes_id')),
    info={'append_only': True}
    )
    op.create_index(op.f('ix_visit_cohort_id_region_code'), 'visit', ['cohort_id', 'region_code'], unique=False)
    op.create_table('membership_end',
    sa.Column('membership_id', sa.String(length=16), nullable=False),
    sa.Column('left_on', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['membership_id'], ['membership.id'], name=op.f('fk_membership_end_membership_id')),
    sa.PrimaryKeyConstraint('membership_id', name=op.f('pk_membership_end')),
    info={'append_only': True}
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
    op.drop_table('membership_end')
    op.drop_index(op.f('ix_visit_cohort_id_region_code'), table_name='visit')
    op.drop_table('visit')
    op.drop_index(op.f('ix_threshold_cohort_id_recorded_at'), table_name='threshold')
    op.drop_table('threshold')
    op.drop_index(op.f('ix_membership_cohort_id_region_code'), table_name='membership')
    op.drop_table('membership')
    op.drop_index(op.f('ix_score_region_code_instrument_year'), table_name='score')
    op.drop_table('score')
    op.drop_table('cohort')
