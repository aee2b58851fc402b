"""Action items, agendas and closings."""

import sqlalchemy as sa
from alembic import op

from cohorts.ground.append_only import guard, release

revision = "0006_actions"
down_revision = "0005_door"
branch_labels = None
depends_on = None

FACTS = (
    "closing",
    "reopening",
    "agenda_row",
    "closing_item",
    "item_event",
    "lineage",
    "evidence",
)


def upgrade() -> None:
    op.create_table('closing',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('cohort_id', sa.String(length=16), nullable=False),
    sa.Column('convening_id', sa.String(length=16), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('held', sa.Boolean(), nullable=False),
    sa.Column('as_of', sa.DateTime(timezone=True), nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.Column('previous', sa.String(length=64), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('leaf_id', sa.String(length=16), nullable=False),
    sa.Column('summary', sa.JSON(), nullable=False),
    sa.Column('actor', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_closing_cohort_id')),
    sa.ForeignKeyConstraint(['convening_id'], ['convening.id'], name=op.f('fk_closing_convening_id')),
    sa.ForeignKeyConstraint(['leaf_id'], ['log_leaf.id'], name=op.f('fk_closing_leaf_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_closing')),
    sa.UniqueConstraint('cohort_id', 'place', name=op.f('uq_closing_cohort_id_place')),
    sa.UniqueConstraint('cohort_id', 'previous', name=op.f('uq_closing_cohort_id_previous')),
    sa.UniqueConstraint('convening_id', 'revision', name=op.f('uq_closing_convening_id_revision')),
    sa.UniqueConstraint('sha256', name=op.f('uq_closing_sha256')),
    info={'append_only': True}
    )
    op.create_table('item_template',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('cohort_id', sa.String(length=16), nullable=False),
    sa.Column('convening_id', sa.String(length=16), nullable=True),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('criterion', sa.Text(), nullable=False),
    sa.Column('role_key', sa.String(length=20), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('lead_days', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_item_template_cohort_id')),
    sa.ForeignKeyConstraint(['convening_id'], ['convening.id'], name=op.f('fk_item_template_convening_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item_template'))
    )
    op.create_index(op.f('ix_item_template_cohort_id'), 'item_template', ['cohort_id'], unique=False)
    op.create_table('item',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('cohort_id', sa.String(length=16), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('origin', sa.String(length=10), nullable=False),
    sa.Column('convening_id', sa.String(length=16), nullable=True),
    sa.Column('template_id', sa.String(length=16), nullable=True),
    sa.Column('pledge_id', sa.String(length=16), nullable=True),
    sa.Column('pledge_target_id', sa.String(length=16), nullable=True),
    sa.Column('region_code', sa.String(length=5), nullable=True),
    sa.Column('first_raised', sa.DateTime(timezone=True), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("origin IN ('meeting', 'template', 'pledge', 'split', 'merge', 'transfer')", name=op.f('ck_item_origin_known')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_item_cohort_id')),
    sa.ForeignKeyConstraint(['convening_id'], ['convening.id'], name=op.f('fk_item_convening_id')),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_item_region_code')),
    sa.ForeignKeyConstraint(['template_id'], ['item_template.id'], name=op.f('fk_item_template_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item')),
    sa.UniqueConstraint('cohort_id', 'number', name=op.f('uq_item_cohort_id_number')),
    sa.UniqueConstraint('pledge_id', 'pledge_target_id', name=op.f('uq_item_pledge_id_pledge_target_id')),
    sa.UniqueConstraint('template_id', 'region_code', name=op.f('uq_item_template_id_region_code'))
    )
    op.create_index(op.f('ix_item_cohort_id_region_code'), 'item', ['cohort_id', 'region_code'], unique=False)
    op.create_index(op.f('ix_item_convening_id'), 'item', ['convening_id'], unique=False)
    op.create_table('reopening',
    sa.Column('closing_id', sa.String(length=16), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['closing_id'], ['closing.id'], name=op.f('fk_reopening_closing_id')),
    sa.PrimaryKeyConstraint('closing_id', name=op.f('pk_reopening')),
    info={'append_only': True}
    )
    op.create_table('agenda_note',
    sa.Column('convening_id', sa.String(length=16), nullable=False),
    sa.Column('item_id', sa.String(length=16), nullable=False),
    sa.Column('position', sa.Integer(), nullable=True),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.Column('note_id', sa.String(length=16), nullable=True),
    sa.ForeignKeyConstraint(['convening_id'], ['convening.id'], name=op.f('fk_agenda_note_convening_id')),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], name=op.f('fk_agenda_note_item_id')),
    sa.ForeignKeyConstraint(['note_id'], ['body.id'], name=op.f('fk_agenda_note_note_id')),
    sa.PrimaryKeyConstraint('convening_id', 'item_id', name=op.f('pk_agenda_note'))
    )
    op.create_table('agenda_row',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('convening_id', sa.String(length=16), nullable=False),
    sa.Column('item_id', sa.String(length=16), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('carried', sa.Integer(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['convening_id'], ['convening.id'], name=op.f('fk_agenda_row_convening_id')),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], name=op.f('fk_agenda_row_item_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agenda_row')),
    sa.UniqueConstraint('convening_id', 'item_id', name=op.f('uq_agenda_row_convening_id_item_id')),
    sa.UniqueConstraint('convening_id', 'position', name=op.f('uq_agenda_row_convening_id_position')),
    info={'append_only': True}
    )
    op.create_table('owner_link',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('cohort_id', sa.String(length=16), nullable=False),
    sa.Column('office_id', sa.String(length=16), nullable=False),
    sa.Column('generation', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_owner_link_cohort_id')),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_owner_link_office_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_owner_link')),
    sa.UniqueConstraint('cohort_id', 'office_id', name=op.f('uq_owner_link_cohort_id_office_id'))
    )
    op.create_index(op.f('ix_owner_link_office_id'), 'owner_link', ['office_id'], unique=False)
    op.create_table('ask',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('item_id', sa.String(length=16), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('reason_id', sa.String(length=16), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by', sa.String(length=40), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by', sa.String(length=40), nullable=True),
    sa.Column('granted', sa.Boolean(), nullable=True),
    sa.CheckConstraint("(kind = 'extension') = (until_on IS NOT NULL)", name=op.f('ck_ask_until_when')),
    sa.CheckConstraint("kind IN ('extension', 'drop')", name=op.f('ck_ask_kind_known')),
    sa.CheckConstraint('(answered_at IS NULL) = (granted IS NULL)', name=op.f('ck_ask_answered')),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], name=op.f('fk_ask_item_id')),
    sa.ForeignKeyConstraint(['reason_id'], ['body.id'], name=op.f('fk_ask_reason_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ask'))
    )
    op.create_index('uq_ask_open', 'ask', ['item_id', 'kind'], unique=True, sqlite_where=sa.text('answered_at IS NULL'), postgresql_where=sa.text('answered_at IS NULL'))
    op.create_table('closing_item',
    sa.Column('closing_id', sa.String(length=16), nullable=False),
    sa.Column('item_id', sa.String(length=16), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('unresolved', sa.Boolean(), nullable=False),
    sa.Column('carried', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['closing_id'], ['closing.id'], name=op.f('fk_closing_item_closing_id')),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], name=op.f('fk_closing_item_item_id')),
    sa.PrimaryKeyConstraint('closing_id', 'item_id', name=op.f('pk_closing_item')),
    info={'append_only': True}
    )
    op.create_index(op.f('ix_closing_item_item_id'), 'closing_item', ['item_id'], unique=False)
    op.create_table('item_event',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('item_id', sa.String(length=16), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('effective_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_kind', sa.String(length=20), nullable=False),
    sa.Column('actor_id', sa.String(length=40), nullable=False),
    sa.Column('on_behalf', sa.Boolean(), nullable=False),
    sa.Column('note_id', sa.String(length=16), nullable=True),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('criterion', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('verified', sa.Boolean(), nullable=False),
    sa.Column('owner_office_id', sa.String(length=16), nullable=True),
    sa.Column('original_due', sa.Date(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('blocked_by', sa.String(length=200), nullable=False),
    sa.Column('drop_reason', sa.String(length=20), nullable=True),
    sa.Column('answered_by_id', sa.String(length=16), nullable=True),
    sa.Column('escalation', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'dropped') = (drop_reason IS NOT NULL)", name=op.f('ck_item_event_dropped_why')),
    sa.CheckConstraint("NOT verified OR state = 'done'", name=op.f('ck_item_event_verified_is_done')),
    sa.CheckConstraint("drop_reason IS NULL OR drop_reason IN ('split', 'merged', 'duplicate', 'transferred', 'left_cohort', 'not_feasible', 'regulation_changed', 'force_majeure', 'no_longer_relevant')", name=op.f('ck_item_event_drop_reason_known')),
    sa.CheckConstraint("state IN ('open', 'in_progress', 'blocked', 'done', 'dropped')", name=op.f('ck_item_event_state_known')),
    sa.CheckConstraint('escalation BETWEEN 0 AND 3', name=op.f('ck_item_event_escalation_level')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['item.id'], name=op.f('fk_item_event_answered_by_id')),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], name=op.f('fk_item_event_item_id')),
    sa.ForeignKeyConstraint(['note_id'], ['body.id'], name=op.f('fk_item_event_note_id')),
    sa.ForeignKeyConstraint(['owner_office_id'], ['office.id'], name=op.f('fk_item_event_owner_office_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item_event')),
    sa.UniqueConstraint('item_id', 'seq', name=op.f('uq_item_event_item_id_seq')),
    info={'append_only': True}
    )
    op.create_index(op.f('ix_item_event_item_id_recorded_at'), 'item_event', ['item_id', 'recorded_at'], unique=False)
    op.create_index(op.f('ix_item_event_owner_office_id'), 'item_event', ['owner_office_id'], unique=False)
    op.create_table('lineage',
    sa.Column('parent_id', sa.String(length=16), nullable=False),
    sa.Column('child_id', sa.String(length=16), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('split', 'merge', 'transfer')", name=op.f('ck_lineage_kind_known')),
    sa.ForeignKeyConstraint(['child_id'], ['item.id'], name=op.f('fk_lineage_child_id')),
    sa.ForeignKeyConstraint(['parent_id'], ['item.id'], name=op.f('fk_lineage_parent_id')),
    sa.PrimaryKeyConstraint('parent_id', 'child_id', name=op.f('pk_lineage')),
    info={'append_only': True}
    )
    op.create_table('minute_note',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('convening_id', sa.String(length=16), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('body_id', sa.String(length=16), nullable=False),
    sa.Column('item_id', sa.String(length=16), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=40), nullable=False),
    sa.CheckConstraint("kind IN ('discussion', 'decision')", name=op.f('ck_minute_note_kind_known')),
    sa.ForeignKeyConstraint(['body_id'], ['body.id'], name=op.f('fk_minute_note_body_id')),
    sa.ForeignKeyConstraint(['convening_id'], ['convening.id'], name=op.f('fk_minute_note_convening_id')),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], name=op.f('fk_minute_note_item_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_minute_note'))
    )
    op.create_index(op.f('ix_minute_note_convening_id'), 'minute_note', ['convening_id'], unique=False)
    op.create_table('evidence',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('event_id', sa.String(length=16), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('value', sa.String(length=500), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.CheckConstraint("(kind = 'file') = (sha256 IS NOT NULL)", name=op.f('ck_evidence_file_has_hash')),
    sa.CheckConstraint("kind IN ('file', 'link', 'decree')", name=op.f('ck_evidence_kind_known')),
    sa.ForeignKeyConstraint(['event_id'], ['item_event.id'], name=op.f('fk_evidence_event_id')),
    sa.ForeignKeyConstraint(['sha256'], ['stored_file.sha256'], name=op.f('fk_evidence_sha256')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence')),
    info={'append_only': True}
    )
    op.create_index(op.f('ix_evidence_event_id'), 'evidence', ['event_id'], unique=False)

    dialect = op.get_bind().dialect.name
    for table in FACTS:
        for statement in guard(table, dialect):
            op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table in FACTS:
        for statement in release(table, dialect):
            op.execute(statement)
    op.drop_index(op.f('ix_evidence_event_id'), table_name='evidence')
    op.drop_table('evidence')
    op.drop_index(op.f('ix_minute_note_convening_id'), table_name='minute_note')
    op.drop_table('minute_note')
    op.drop_table('lineage')
    op.drop_index(op.f('ix_item_event_owner_office_id'), table_name='item_event')
    op.drop_index(op.f('ix_item_event_item_id_recorded_at'), table_name='item_event')
    op.drop_table('item_event')
    op.drop_index(op.f('ix_closing_item_item_id'), table_name='closing_item')
    op.drop_table('closing_item')
    op.drop_index(op.f('ix_owner_link_office_id'), table_name='owner_link')
    op.drop_table('owner_link')
    op.drop_index('uq_ask_open', table_name='ask', sqlite_where=sa.text('answered_at IS NULL'), postgresql_where=sa.text('answered_at IS NULL'))
    op.drop_table('ask')
    op.drop_table('agenda_row')
    op.drop_table('agenda_note')
    op.drop_table('reopening')
    op.drop_index(op.f('ix_item_convening_id'), table_name='item')
    op.drop_index(op.f('ix_item_cohort_id_region_code'), table_name='item')
    op.drop_table('item')
    op.drop_index(op.f('ix_item_template_cohort_id'), table_name='item_template')
    op.drop_table('item_template')
    op.drop_table('closing')
