"""What every room stands on: chronicle, outbox, codes, files, log, throttle."""

import sqlalchemy as sa
from alembic import op

from cohorts.ground.append_only import guard, release

revision = "0001_ground"
down_revision = None
branch_labels = None
depends_on = None

FACTS = (
    "checkpoint",
    "chronicle",
    "log_leaf",
    "log_place",
)


def upgrade() -> None:
    op.create_table('attempt',
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('window', sa.DateTime(timezone=True), nullable=False),
    sa.Column('hits', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('key', 'window', name=op.f('pk_attempt'))
    )
    op.create_table('body',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_body'))
    )
    op.create_table('challenge',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('purpose', sa.String(length=30), nullable=False),
    sa.Column('subject_id', sa.String(length=40), nullable=False),
    sa.Column('bound', sa.String(length=64), nullable=False),
    sa.Column('contact_point_id', sa.String(length=16), nullable=True),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('replaced_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('tries BETWEEN 0 AND 5', name=op.f('ck_challenge_tries_bounded')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_challenge'))
    )
    op.create_index(op.f('ix_challenge_purpose_subject_id'), 'challenge', ['purpose', 'subject_id'], unique=False)
    op.create_table('checkpoint',
    sa.Column('size', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('root', sa.String(length=64), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('size', name=op.f('pk_checkpoint')),
    info={'append_only': True}
    )
    op.create_table('chronicle',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('event', sa.String(length=60), nullable=False),
    sa.Column('actor_kind', sa.String(length=20), nullable=False),
    sa.Column('actor_id', sa.String(length=40), nullable=False),
    sa.Column('subject_kind', sa.String(length=30), nullable=False),
    sa.Column('subject_id', sa.String(length=40), nullable=False),
    sa.Column('cohort_id', sa.String(length=16), nullable=True),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_chronicle')),
    info={'append_only': True}
    )
    op.create_index(op.f('ix_chronicle_cohort_id_id'), 'chronicle', ['cohort_id', 'id'], unique=False)
    op.create_index(op.f('ix_chronicle_subject_kind_subject_id'), 'chronicle', ['subject_kind', 'subject_id'], unique=False)
    op.create_table('log_leaf',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.Column('leaf_hash', sa.String(length=64), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_leaf')),
    info={'append_only': True}
    )
    op.create_table('message',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('address', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('subject_kind', sa.String(length=30), nullable=False),
    sa.Column('subject_id', sa.String(length=40), nullable=False),
    sa.Column('cohort_id', sa.String(length=16), nullable=True),
    sa.Column('thread', sa.String(length=80), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('posted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('owner', sa.String(length=40), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('first_tried_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('receipt', sa.String(length=200), nullable=True),
    sa.Column('error', sa.String(length=300), nullable=True),
    sa.CheckConstraint("state IN ('ready', 'taken', 'sent', 'failed', 'superseded')", name=op.f('ck_message_state_known')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message')),
    sa.UniqueConstraint('key', name=op.f('uq_message_key'))
    )
    op.create_index(op.f('ix_message_state_due_at'), 'message', ['state', 'due_at'], unique=False)
    op.create_index(op.f('ix_message_subject_kind_subject_id'), 'message', ['subject_kind', 'subject_id'], unique=False)
    op.create_index(op.f('ix_message_thread_id'), 'message', ['thread', 'id'], unique=False)
    op.create_table('periodic',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_periodic'))
    )
    op.create_table('stored_file',
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('media_type', sa.String(length=80), nullable=False),
    sa.Column('stored_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('sha256', name=op.f('pk_stored_file'))
    )
    op.create_table('log_place',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('leaf_id', sa.String(length=16), nullable=False),
    sa.ForeignKeyConstraint(['leaf_id'], ['log_leaf.id'], name=op.f('fk_log_place_leaf_id')),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_log_place')),
    sa.UniqueConstraint('leaf_id', name=op.f('uq_log_place_leaf_id')),
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
    op.drop_table('log_place')
    op.drop_table('stored_file')
    op.drop_table('periodic')
    op.drop_index(op.f('ix_message_thread_id'), table_name='message')
    op.drop_index(op.f('ix_message_subject_kind_subject_id'), table_name='message')
    op.drop_index(op.f('ix_message_state_due_at'), table_name='message')
    op.drop_table('message')
    op.drop_table('log_leaf')
    op.drop_index(op.f('ix_chronicle_subject_kind_subject_id'), table_name='chronicle')
    op.drop_index(op.f('ix_chronicle_cohort_id_id'), table_name='chronicle')
    op.drop_table('chronicle')
    op.drop_table('checkpoint')
    op.drop_index(op.f('ix_challenge_purpose_subject_id'), table_name='challenge')
    op.drop_table('challenge')
    op.drop_table('body')
    op.drop_table('attempt')
