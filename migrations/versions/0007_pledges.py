"""Commitments, signatures and what follows them."""

import sqlalchemy as sa
from alembic import op

from cohorts.ground.append_only import guard, release

revision = "0007_pledges"
down_revision = "0006_actions"
branch_labels = None
depends_on = None

FACTS = (
    "decline",
    "signature",
    "signature_document",
    "withdrawal",
)

TEXT = ("cohort_id", "convening_id", "version", "lang", "title", "preamble", "clauses", "closing")


def keep_published(dialect: str) -> list[str]:
    """Statements after which a published text, its targets and an offered pledge's bytes stay."""
    if dialect == "sqlite":
        changed = " OR ".join(f"OLD.{c} IS NOT NEW.{c}" for c in (*TEXT, "sha256"))
        of_published = "(SELECT state FROM pledge_text WHERE id = {row}.text_id) <> 'draft'"
        return [
            "CREATE TRIGGER pledge_text_stays BEFORE UPDATE ON pledge_text "
            f"WHEN OLD.state <> 'draft' AND (NEW.state = 'draft' OR {changed}) "
            "BEGIN SELECT RAISE(ABORT, 'append-only: published text'); END",
            "CREATE TRIGGER pledge_bytes_stay BEFORE UPDATE ON pledge "
            "WHEN OLD.data IS NOT NEW.data OR OLD.sha256 IS NOT NEW.sha256 "
            "BEGIN SELECT RAISE(ABORT, 'append-only: bytes to be signed'); END",
            *(
                f"CREATE TRIGGER pledge_target_stays_{verb.lower()} BEFORE {verb} ON pledge_target "
                f"WHEN {of_published.format(row='NEW' if verb == 'INSERT' else 'OLD')} "
                "BEGIN SELECT RAISE(ABORT, 'append-only: target of a published text'); END"
                for verb in ("INSERT", "UPDATE", "DELETE")
            ),
        ]
    changed = " OR ".join(
        f"OLD.{c}::text IS DISTINCT FROM NEW.{c}::text" for c in (*TEXT, "sha256"))
    return [
        "CREATE FUNCTION keep_published_target() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "DECLARE row record; BEGIN IF TG_OP = 'INSERT' THEN row := NEW; ELSE row := OLD; END IF; "
        "IF (SELECT state FROM pledge_text WHERE id = row.text_id) <> 'draft' THEN "
        "RAISE EXCEPTION 'append-only: target of a published text'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER pledge_text_stays BEFORE UPDATE ON pledge_text FOR EACH ROW "
        f"WHEN (OLD.state <> 'draft' AND (NEW.state = 'draft' OR {changed})) "
        "EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER pledge_bytes_stay BEFORE UPDATE ON pledge FOR EACH ROW "
        "WHEN (OLD.data IS DISTINCT FROM NEW.data OR OLD.sha256 IS DISTINCT FROM NEW.sha256) "
        "EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER pledge_target_stays BEFORE INSERT OR UPDATE OR DELETE ON pledge_target "
        "FOR EACH ROW EXECUTE FUNCTION keep_published_target()",
    ]


def upgrade() -> None:
    op.create_table('pledge_text',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('cohort_id', sa.String(length=16), nullable=False),
    sa.Column('convening_id', sa.String(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('preamble', sa.Text(), nullable=False),
    sa.Column('clauses', sa.JSON(), nullable=False),
    sa.Column('closing', sa.Text(), nullable=False),
    sa.Column('edit', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(state = 'draft') = (sha256 IS NULL)", name=op.f('ck_pledge_text_published_has_hash')),
    sa.CheckConstraint("state IN ('draft', 'published', 'superseded')", name=op.f('ck_pledge_text_state_known')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_pledge_text_cohort_id')),
    sa.ForeignKeyConstraint(['convening_id'], ['convening.id'], name=op.f('fk_pledge_text_convening_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pledge_text')),
    sa.UniqueConstraint('cohort_id', 'version', name=op.f('uq_pledge_text_cohort_id_version'))
    )
    for name in ('draft', 'published'):
        op.create_index(
            f'uq_pledge_text_one_{name}', 'pledge_text', ['cohort_id'], unique=True,
            sqlite_where=sa.text(f"state = '{name}'"),
            postgresql_where=sa.text(f"state = '{name}'"))
    op.create_table('pledge',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('text_id', sa.String(length=16), nullable=False),
    sa.Column('office_id', sa.String(length=16), nullable=False),
    sa.Column('region_code', sa.String(length=5), nullable=False),
    sa.Column('generation', sa.Integer(), nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('offered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('voided_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_pledge_office_id')),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_pledge_region_code')),
    sa.ForeignKeyConstraint(['text_id'], ['pledge_text.id'], name=op.f('fk_pledge_text_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pledge')),
    sa.UniqueConstraint('text_id', 'office_id', name=op.f('uq_pledge_text_id_office_id'))
    )
    op.create_index(op.f('ix_pledge_office_id'), 'pledge', ['office_id'], unique=False)
    op.create_table('pledge_target',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('text_id', sa.String(length=16), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('criterion', sa.Text(), nullable=False),
    sa.Column('unit', sa.String(length=40), nullable=False),
    sa.Column('baseline', sa.String(length=20), nullable=False),
    sa.Column('target', sa.String(length=20), nullable=False),
    sa.Column('role_key', sa.String(length=20), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['text_id'], ['pledge_text.id'], name=op.f('fk_pledge_target_text_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pledge_target')),
    sa.UniqueConstraint('text_id', 'position', name=op.f('uq_pledge_target_text_id_position'))
    )
    op.create_table('signing_draft',
    sa.Column('pledge_id', sa.String(length=16), nullable=False),
    sa.Column('person_id', sa.String(length=16), nullable=False),
    sa.Column('method', sa.String(length=6), nullable=False),
    sa.Column('typed', sa.String(length=300), nullable=False),
    sa.Column('strokes', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('consent_sha256', sa.String(length=64), nullable=False),
    sa.Column('consented_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('challenge_id', sa.String(length=16), nullable=True),
    sa.CheckConstraint("(method = 'drawn') = (strokes IS NOT NULL)", name=op.f('ck_signing_draft_drawn_has_strokes')),
    sa.CheckConstraint("method IN ('typed', 'drawn')", name=op.f('ck_signing_draft_method_known')),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenge.id'], name=op.f('fk_signing_draft_challenge_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_signing_draft_person_id')),
    sa.ForeignKeyConstraint(['pledge_id'], ['pledge.id'], name=op.f('fk_signing_draft_pledge_id')),
    sa.PrimaryKeyConstraint('pledge_id', 'person_id', name=op.f('pk_signing_draft'))
    )
    op.create_table('decline',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('pledge_id', sa.String(length=16), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=10), nullable=False),
    sa.Column('note_id', sa.String(length=16), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=40), nullable=False),
    sa.CheckConstraint("reason IN ('targets', 'text', 'approval', 'other')", name=op.f('ck_decline_reason_known')),
    sa.ForeignKeyConstraint(['note_id'], ['body.id'], name=op.f('fk_decline_note_id')),
    sa.ForeignKeyConstraint(['pledge_id'], ['pledge.id'], name=op.f('fk_decline_pledge_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decline')),
    sa.UniqueConstraint('pledge_id', 'n', name=op.f('uq_decline_pledge_id_n')),
    info={'append_only': True}
    )
    op.create_table('signature',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('pledge_id', sa.String(length=16), nullable=False),
    sa.Column('person_id', sa.String(length=16), nullable=False),
    sa.Column('signer_name', sa.String(length=300), nullable=False),
    sa.Column('signer_post', sa.String(length=200), nullable=False),
    sa.Column('hand_over_id', sa.String(length=16), nullable=True),
    sa.Column('method', sa.String(length=6), nullable=False),
    sa.Column('typed', sa.String(length=300), nullable=False),
    sa.Column('strokes', sa.JSON(), nullable=True),
    sa.Column('challenge_id', sa.String(length=16), nullable=False),
    sa.Column('public_code', sa.String(length=24), nullable=False),
    sa.Column('evidence', sa.LargeBinary(), nullable=False),
    sa.Column('evidence_sha256', sa.String(length=64), nullable=False),
    sa.Column('leaf_id', sa.String(length=16), nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(method = 'drawn') = (strokes IS NOT NULL)", name=op.f('ck_signature_drawn_has_strokes')),
    sa.CheckConstraint("method IN ('typed', 'drawn')", name=op.f('ck_signature_method_known')),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenge.id'], name=op.f('fk_signature_challenge_id')),
    sa.ForeignKeyConstraint(['hand_over_id'], ['hand_over.id'], name=op.f('fk_signature_hand_over_id')),
    sa.ForeignKeyConstraint(['leaf_id'], ['log_leaf.id'], name=op.f('fk_signature_leaf_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_signature_person_id')),
    sa.ForeignKeyConstraint(['pledge_id'], ['pledge.id'], name=op.f('fk_signature_pledge_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signature')),
    sa.UniqueConstraint('challenge_id', name=op.f('uq_signature_challenge_id')),
    sa.UniqueConstraint('pledge_id', name=op.f('uq_signature_pledge_id')),
    sa.UniqueConstraint('public_code', name=op.f('uq_signature_public_code')),
    info={'append_only': True}
    )
    op.create_table('signature_document',
    sa.Column('signature_id', sa.String(length=16), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['sha256'], ['stored_file.sha256'], name=op.f('fk_signature_document_sha256')),
    sa.ForeignKeyConstraint(['signature_id'], ['signature.id'], name=op.f('fk_signature_document_signature_id')),
    sa.PrimaryKeyConstraint('signature_id', name=op.f('pk_signature_document')),
    info={'append_only': True}
    )
    op.create_table('withdrawal',
    sa.Column('signature_id', sa.String(length=16), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['signature_id'], ['signature.id'], name=op.f('fk_withdrawal_signature_id')),
    sa.PrimaryKeyConstraint('signature_id', name=op.f('pk_withdrawal')),
    info={'append_only': True}
    )

    dialect = op.get_bind().dialect.name
    for table in FACTS:
        for statement in guard(table, dialect):
            op.execute(statement)
    for statement in keep_published(dialect):
        op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table in FACTS:
        for statement in release(table, dialect):
            op.execute(statement)
    op.drop_table('withdrawal')
    op.drop_table('signing_draft')
    op.drop_table('signature_document')
    op.drop_table('signature')
    op.drop_table('decline')
    op.drop_table('pledge_target')
    op.drop_index(op.f('ix_pledge_office_id'), table_name='pledge')
    op.drop_table('pledge')
    op.drop_table('pledge_text')
    if dialect == "postgresql":
        op.execute("DROP FUNCTION keep_published_target()")
