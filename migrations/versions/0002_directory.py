"""Regions, organisations, offices, people, appointments, contact points, accounts."""

import sqlalchemy as sa
from alembic import op


revision = "0002_directory"
down_revision = "0001_ground"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('person',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('front_title', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('back_title', sa.String(length=80), nullable=False),
    sa.Column('nip', sa.String(length=18), nullable=True),
    sa.Column('search_key', sa.String(length=200), nullable=False),
    sa.Column('sample', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person'))
    )
    op.create_index(op.f('ix_person_search_key'), 'person', ['search_key'], unique=False)
    op.create_table('region',
    sa.Column('code', sa.String(length=5), nullable=False),
    sa.Column('type', sa.String(length=10), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('full_name', sa.String(length=100), nullable=False),
    sa.Column('province_code', sa.String(length=2), nullable=False),
    sa.Column('province_name', sa.String(length=60), nullable=False),
    sa.Column('timezone', sa.String(length=40), nullable=False),
    sa.Column('autonomous', sa.Boolean(), nullable=False),
    sa.Column('search_key', sa.String(length=200), nullable=False),
    sa.CheckConstraint("type IN ('provinsi', 'kabupaten', 'kota')", name=op.f('ck_region_type_known')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_region'))
    )
    op.create_index(op.f('ix_region_province_code'), 'region', ['province_code'], unique=False)
    op.create_index(op.f('ix_region_search_key'), 'region', ['search_key'], unique=False)
    op.create_table('role',
    sa.Column('key', sa.String(length=20), nullable=False),
    sa.Column('title_id', sa.String(length=80), nullable=False),
    sa.Column('title_en', sa.String(length=80), nullable=False),
    sa.Column('level', sa.String(length=12), nullable=False),
    sa.Column('echelon', sa.String(length=6), nullable=False),
    sa.Column('protocol_order', sa.Integer(), nullable=False),
    sa.Column('salutation', sa.String(length=60), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_role'))
    )
    op.create_table('may_stand_for',
    sa.Column('role_key', sa.String(length=20), nullable=False),
    sa.Column('stand_in_key', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['role_key'], ['role.key'], name=op.f('fk_may_stand_for_role_key')),
    sa.ForeignKeyConstraint(['stand_in_key'], ['role.key'], name=op.f('fk_may_stand_for_stand_in_key')),
    sa.PrimaryKeyConstraint('role_key', 'stand_in_key', name=op.f('pk_may_stand_for'))
    )
    op.create_table('organisation',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('region_code', sa.String(length=5), nullable=True),
    sa.Column('search_key', sa.String(length=300), nullable=False),
    sa.Column('sample', sa.Boolean(), nullable=False),
    sa.CheckConstraint("(kind = 'region') = (region_code IS NOT NULL)", name=op.f('ck_organisation_region_has_code')),
    sa.CheckConstraint("kind IN ('region', 'ministry', 'agency', 'ngo', 'university', 'company')", name=op.f('ck_organisation_kind_known')),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_organisation_region_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation')),
    sa.UniqueConstraint('region_code', name=op.f('uq_organisation_region_code'))
    )
    op.create_index(op.f('ix_organisation_search_key'), 'organisation', ['search_key'], unique=False)
    op.create_table('user_account',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=True),
    sa.Column('password_generation', sa.Integer(), nullable=False),
    sa.Column('password_link_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('session_generation', sa.Integer(), nullable=False),
    sa.Column('region_code', sa.String(length=5), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('sample', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_user_account_region_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user_account')),
    sa.UniqueConstraint('email', name=op.f('uq_user_account_email'))
    )
    op.create_table('access_grant',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('user_id', sa.String(length=16), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('scope', sa.String(length=12), nullable=False),
    sa.Column('scope_id', sa.String(length=16), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('given_by', sa.String(length=40), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(scope = 'all') = (scope_id = '')", name=op.f('ck_access_grant_scope_has_id')),
    sa.CheckConstraint("role IN ('admin', 'organizer', 'minute_taker', 'door_officer', 'mentor', 'auditor')", name=op.f('ck_access_grant_role_known')),
    sa.CheckConstraint("scope IN ('all', 'cohort', 'convening', 'region')", name=op.f('ck_access_grant_scope_known')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_access_grant_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_access_grant')),
    sa.UniqueConstraint('user_id', 'role', 'scope', 'scope_id', 'ended_at', name=op.f('uq_access_grant_user_id_role_scope_scope_id_ended_at'))
    )
    op.create_index(op.f('ix_access_grant_user_id'), 'access_grant', ['user_id'], unique=False)
    op.create_table('office',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('organisation_id', sa.String(length=16), nullable=False),
    sa.Column('role_key', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('pool', sa.Boolean(), nullable=False),
    sa.Column('search_key', sa.String(length=400), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_office_organisation_id')),
    sa.ForeignKeyConstraint(['role_key'], ['role.key'], name=op.f('fk_office_role_key')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_office')),
    sa.UniqueConstraint('organisation_id', 'role_key', 'name', name=op.f('uq_office_organisation_id_role_key_name'))
    )
    op.create_index(op.f('ix_office_role_key'), 'office', ['role_key'], unique=False)
    op.create_index(op.f('ix_office_search_key'), 'office', ['search_key'], unique=False)
    op.create_table('appointment',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('office_id', sa.String(length=16), nullable=False),
    sa.Column('person_id', sa.String(length=16), nullable=False),
    sa.Column('standing', sa.String(length=12), nullable=False),
    sa.Column('single', sa.Boolean(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.CheckConstraint("standing IN ('definitive', 'pj', 'plt', 'plh')", name=op.f('ck_appointment_standing_known')),
    sa.CheckConstraint('until_on IS NULL OR until_on >= from_on', name=op.f('ck_appointment_ends_after_it_begins')),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_appointment_office_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_appointment_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appointment'))
    )
    op.create_index(op.f('ix_appointment_person_id'), 'appointment', ['person_id'], unique=False)
    op.create_index('uq_appointment_one_definitive', 'appointment', ['office_id'], unique=True, sqlite_where=sa.text("until_on IS NULL AND standing = 'definitive' AND single"), postgresql_where=sa.text("until_on IS NULL AND standing = 'definitive' AND single"))
    op.create_index('uq_appointment_open', 'appointment', ['office_id', 'person_id'], unique=True, sqlite_where=sa.text('until_on IS NULL'), postgresql_where=sa.text('until_on IS NULL'))
    op.create_table('contact_point',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('office_id', sa.String(length=16), nullable=True),
    sa.Column('appointment_id', sa.String(length=16), nullable=True),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('value', sa.String(length=254), nullable=False),
    sa.Column('label', sa.String(length=10), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_by', sa.String(length=40), nullable=True),
    sa.CheckConstraint("channel IN ('email', 'whatsapp', 'phone')", name=op.f('ck_contact_point_channel_known')),
    sa.CheckConstraint("label IN ('office', 'ajudan', 'tu', 'personal')", name=op.f('ck_contact_point_label_known')),
    sa.CheckConstraint('(confirmed_at IS NULL) = (confirmed_by IS NULL)', name=op.f('ck_contact_point_confirmed_by_somebody')),
    sa.CheckConstraint('(office_id IS NULL) <> (appointment_id IS NULL)', name=op.f('ck_contact_point_one_owner')),
    sa.ForeignKeyConstraint(['appointment_id'], ['appointment.id'], name=op.f('fk_contact_point_appointment_id')),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_contact_point_office_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_point'))
    )
    op.create_index(op.f('ix_contact_point_appointment_id'), 'contact_point', ['appointment_id'], unique=False)
    op.create_index(op.f('ix_contact_point_office_id'), 'contact_point', ['office_id'], unique=False)
    op.create_index(op.f('ix_contact_point_value'), 'contact_point', ['value'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_contact_point_value'), table_name='contact_point')
    op.drop_index(op.f('ix_contact_point_office_id'), table_name='contact_point')
    op.drop_index(op.f('ix_contact_point_appointment_id'), table_name='contact_point')
    op.drop_table('contact_point')
    op.drop_index('uq_appointment_open', table_name='appointment', sqlite_where=sa.text('until_on IS NULL'), postgresql_where=sa.text('until_on IS NULL'))
    op.drop_index('uq_appointment_one_definitive', table_name='appointment', sqlite_where=sa.text("until_on IS NULL AND standing = 'definitive' AND single"), postgresql_where=sa.text("until_on IS NULL AND standing = 'definitive' AND single"))
    op.drop_index(op.f('ix_appointment_person_id'), table_name='appointment')
    op.drop_table('appointment')
    op.drop_index(op.f('ix_office_search_key'), table_name='office')
    op.drop_index(op.f('ix_office_role_key'), table_name='office')
    op.drop_table('office')
    op.drop_index(op.f('ix_access_grant_user_id'), table_name='access_grant')
    op.drop_table('access_grant')
    op.drop_table('user_account')
    op.drop_index(op.f('ix_organisation_search_key'), table_name='organisation')
    op.drop_table('organisation')
    op.drop_table('may_stand_for')
    op.drop_table('role')
    op.drop_index(op.f('ix_region_search_key'), table_name='region')
    op.drop_index(op.f('ix_region_province_code'), table_name='region')
    op.drop_table('region')
    op.drop_index(op.f('ix_person_search_key'), table_name='person')
    op.drop_table('person')
