"""Convenings, invitations, seats, replies, delegation and passes."""

import sqlalchemy as sa
from alembic import op

from cohorts.ground.append_only import guard, release

revision = "0004_convenings"
down_revision = "0003_programme"
branch_labels = None
depends_on = None

FACTS = (
    "convening_schedule",
    "reply",
    "sign_mandate",
)


def upgrade() -> None:
    op.create_table('convening',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('cohort_id', sa.String(length=16), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title_id', sa.String(length=200), nullable=False),
    sa.Column('title_en', sa.String(length=200), nullable=False),
    sa.Column('purpose_id', sa.Text(), nullable=False),
    sa.Column('purpose_en', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('timezone', sa.String(length=40), nullable=False),
    sa.Column('venue', sa.String(length=200), nullable=False),
    sa.Column('address', sa.String(length=300), nullable=False),
    sa.Column('map_url', sa.String(length=300), nullable=False),
    sa.Column('dress', sa.String(length=120), nullable=False),
    sa.Column('host', sa.String(length=200), nullable=False),
    sa.Column('contact_name', sa.String(length=120), nullable=False),
    sa.Column('contact_phone', sa.String(length=20), nullable=False),
    sa.Column('letter_number', sa.String(length=80), nullable=False),
    sa.Column('opening_planned', sa.String(length=200), nullable=False),
    sa.Column('opening_actual', sa.String(length=200), nullable=False),
    sa.Column('policy', sa.String(length=16), nullable=False),
    sa.Column('deputy_may_sign', sa.Boolean(), nullable=False),
    sa.Column('reply_by', sa.DateTime(timezone=True), nullable=False),
    sa.Column('door_opens_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('door_closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('schedule', sa.Integer(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('announced_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancel_reason', sa.String(length=300), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'cancelled') = (cancelled_at IS NOT NULL)", name=op.f('ck_convening_cancelled')),
    sa.CheckConstraint("(state IN ('in_progress', 'closed')) <= (started_at IS NOT NULL)", name=op.f('ck_convening_held_means_started')),
    sa.CheckConstraint("policy IN ('in_person_only', 'one_level_down', 'free', 'assign')", name=op.f('ck_convening_policy_known')),
    sa.CheckConstraint("state IN ('draft', 'announced', 'in_progress', 'closed', 'cancelled')", name=op.f('ck_convening_state_known')),
    sa.CheckConstraint('door_closes_at > door_opens_at', name=op.f('ck_convening_door_closes_after_it_opens')),
    sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_convening_ends_after_it_starts')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_convening_cohort_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_convening')),
    sa.UniqueConstraint('cohort_id', 'number', name=op.f('uq_convening_cohort_id_number'))
    )
    op.create_index(op.f('ix_convening_cohort_id'), 'convening', ['cohort_id'], unique=False)
    op.create_table('convening_schedule',
    sa.Column('convening_id', sa.String(length=16), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('timezone', sa.String(length=40), nullable=False),
    sa.Column('venue', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['convening_id'], ['convening.id'], name=op.f('fk_convening_schedule_convening_id')),
    sa.PrimaryKeyConstraint('convening_id', 'n', name=op.f('pk_convening_schedule')),
    info={'append_only': True}
    )
    op.create_table('guest_rule',
    sa.Column('convening_id', sa.String(length=16), nullable=False),
    sa.Column('role_key', sa.String(length=20), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['convening_id'], ['convening.id'], name=op.f('fk_guest_rule_convening_id')),
    sa.PrimaryKeyConstraint('convening_id', 'role_key', name=op.f('pk_guest_rule'))
    )
    op.create_table('invitation',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('convening_id', sa.String(length=16), nullable=False),
    sa.Column('office_id', sa.String(length=16), nullable=False),
    sa.Column('generation', sa.Integer(), nullable=False),
    sa.Column('calendar_lead', sa.Integer(), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('invited_by', sa.String(length=40), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['convening_id'], ['convening.id'], name=op.f('fk_invitation_convening_id')),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_invitation_office_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('convening_id', 'office_id', name=op.f('uq_invitation_convening_id_office_id'))
    )
    op.create_index(op.f('ix_invitation_office_id'), 'invitation', ['office_id'], unique=False)
    op.create_table('pass',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('convening_id', sa.String(length=16), nullable=False),
    sa.Column('person_id', sa.String(length=16), nullable=False),
    sa.Column('short_code', sa.String(length=8), nullable=False),
    sa.Column('generation', sa.Integer(), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['convening_id'], ['convening.id'], name=op.f('fk_pass_convening_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_pass_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pass')),
    sa.UniqueConstraint('convening_id', 'person_id', name=op.f('uq_pass_convening_id_person_id')),
    sa.UniqueConstraint('convening_id', 'short_code', name=op.f('uq_pass_convening_id_short_code'))
    )
    op.create_table('session',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('convening_id', sa.String(length=16), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('title_id', sa.String(length=200), nullable=False),
    sa.Column('title_en', sa.String(length=200), nullable=False),
    sa.Column('speaker', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['convening_id'], ['convening.id'], name=op.f('fk_session_convening_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session')),
    sa.UniqueConstraint('convening_id', 'position', name=op.f('uq_session_convening_id_position'))
    )
    op.create_table('seat',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('invitation_id', sa.String(length=16), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('office', 'companion')", name=op.f('ck_seat_kind_known')),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitation.id'], name=op.f('fk_seat_invitation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seat')),
    sa.UniqueConstraint('invitation_id', 'kind', 'position', name=op.f('uq_seat_invitation_id_kind_position'))
    )
    op.create_table('hand_over',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('seat_id', sa.String(length=16), nullable=False),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.Column('parent_id', sa.String(length=16), nullable=True),
    sa.Column('person_id', sa.String(length=16), nullable=False),
    sa.Column('office_id', sa.String(length=16), nullable=True),
    sa.Column('role_key', sa.String(length=20), nullable=True),
    sa.Column('post', sa.String(length=200), nullable=False),
    sa.Column('whatsapp', sa.String(length=20), nullable=False),
    sa.Column('may_speak', sa.Boolean(), nullable=False),
    sa.Column('may_sign', sa.Boolean(), nullable=False),
    sa.Column('letter_sha256', sa.String(length=64), nullable=True),
    sa.Column('late', sa.Boolean(), nullable=False),
    sa.Column('on_behalf', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=40), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_by', sa.String(length=40), nullable=True),
    sa.CheckConstraint('(step = 2) = (parent_id IS NOT NULL)', name=op.f('ck_hand_over_second_has_first')),
    sa.CheckConstraint('step IN (1, 2)', name=op.f('ck_hand_over_at_most_two')),
    sa.ForeignKeyConstraint(['letter_sha256'], ['stored_file.sha256'], name=op.f('fk_hand_over_letter_sha256')),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_hand_over_office_id')),
    sa.ForeignKeyConstraint(['parent_id'], ['hand_over.id'], name=op.f('fk_hand_over_parent_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_hand_over_person_id')),
    sa.ForeignKeyConstraint(['role_key'], ['role.key'], name=op.f('fk_hand_over_role_key')),
    sa.ForeignKeyConstraint(['seat_id'], ['seat.id'], name=op.f('fk_hand_over_seat_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hand_over'))
    )
    op.create_index(op.f('ix_hand_over_seat_id'), 'hand_over', ['seat_id'], unique=False)
    op.create_index('uq_hand_over_live_step', 'hand_over', ['seat_id', 'step'], unique=True, sqlite_where=sa.text('revoked_at IS NULL'), postgresql_where=sa.text('revoked_at IS NULL'))
    op.create_table('reply',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('seat_id', sa.String(length=16), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('answer', sa.String(length=10), nullable=False),
    sa.Column('person_id', sa.String(length=16), nullable=True),
    sa.Column('reason', sa.String(length=12), nullable=True),
    sa.Column('note_id', sa.String(length=16), nullable=True),
    sa.Column('schedule', sa.Integer(), nullable=False),
    sa.Column('late', sa.Boolean(), nullable=False),
    sa.Column('on_behalf', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=40), nullable=False),
    sa.CheckConstraint("(answer = 'attending') <= (person_id IS NOT NULL)", name=op.f('ck_reply_who_comes')),
    sa.CheckConstraint("(answer = 'declined') = (reason IS NOT NULL)", name=op.f('ck_reply_declined_why')),
    sa.CheckConstraint("answer IN ('attending', 'delegated', 'declined', 'tentative')", name=op.f('ck_reply_answer_known')),
    sa.CheckConstraint("reason IS NULL OR reason IN ('other_duty', 'ill', 'on_leave', 'other')", name=op.f('ck_reply_reason_known')),
    sa.ForeignKeyConstraint(['note_id'], ['body.id'], name=op.f('fk_reply_note_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_reply_person_id')),
    sa.ForeignKeyConstraint(['seat_id'], ['seat.id'], name=op.f('fk_reply_seat_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reply')),
    sa.UniqueConstraint('seat_id', 'n', name=op.f('uq_reply_seat_id_n')),
    info={'append_only': True}
    )
    op.create_table('sign_mandate',
    sa.Column('hand_over_id', sa.String(length=16), nullable=False),
    sa.Column('by', sa.String(length=10), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=40), nullable=False),
    sa.CheckConstraint("by IN ('code', 'organizer')", name=op.f('ck_sign_mandate_by_known')),
    sa.ForeignKeyConstraint(['hand_over_id'], ['hand_over.id'], name=op.f('fk_sign_mandate_hand_over_id')),
    sa.PrimaryKeyConstraint('hand_over_id', name=op.f('pk_sign_mandate')),
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
    op.drop_table('sign_mandate')
    op.drop_table('reply')
    op.drop_index('uq_hand_over_live_step', table_name='hand_over', sqlite_where=sa.text('revoked_at IS NULL'), postgresql_where=sa.text('revoked_at IS NULL'))
    op.drop_index(op.f('ix_hand_over_seat_id'), table_name='hand_over')
    op.drop_table('hand_over')
    op.drop_table('seat')
    op.drop_table('session')
    op.drop_table('pass')
    op.drop_index(op.f('ix_invitation_office_id'), table_name='invitation')
    op.drop_table('invitation')
    op.drop_table('guest_rule')
    op.drop_table('convening_schedule')
    op.drop_index(op.f('ix_convening_cohort_id'), table_name='convening')
    op.drop_table('convening')
