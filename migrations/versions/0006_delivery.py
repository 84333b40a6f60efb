"""Delivery: the domain of each message, pauses, breaker, alarms, and streams of suppression"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
QUEUED = sa.text("state = 'queued'")


def upgrade() -> None:
    op.create_table('domain_pause',
    sa.Column('domain', sa.String(length=255), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.PrimaryKeyConstraint('domain', name=op.f('pk_domain_pause'))
    )
    op.create_table('breaker',
    sa.Column('id', ID, nullable=False),
    sa.Column('server', sa.String(length=200), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.Column('probe_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('probes', sa.Integer(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_breaker'))
    )
    opened = sa.text('closed_at IS NULL')
    op.create_index('uq_breaker_open', 'breaker', ['server'], unique=True, sqlite_where=opened, postgresql_where=opened)
    op.create_table('alarm',
    sa.Column('id', ID, nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('text', sa.String(length=1000), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('posted_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alarm'))
    )
    unposted = sa.text('posted_at IS NULL')
    op.create_index('ix_alarm_unposted', 'alarm', ['kind'], sqlite_where=unposted, postgresql_where=unposted)
    op.add_column('attempt', sa.Column('against_us', sa.Boolean(), nullable=True))
    op.add_column('message', sa.Column('domain', sa.String(length=255), server_default='', nullable=False))
    op.drop_index('ix_message_queue', table_name='message')
    op.create_index('ix_message_queue', 'message', ['next_attempt_at', 'id', 'domain'], sqlite_where=QUEUED, postgresql_where=QUEUED)
    _fill_domains()
    with op.batch_alter_table('suppression', schema=None) as batch_op:
        batch_op.add_column(sa.Column('stream', sa.String(length=40), server_default='', nullable=False))
        batch_op.drop_constraint('uq_suppression_organisation_id_address_hash', type_='unique')
        batch_op.create_unique_constraint('uq_suppression_organisation_id_address_hash_stream', ['organisation_id', 'address_hash', 'stream'])
        batch_op.create_check_constraint(op.f('ck_suppression_stream'), "stream IN ('', 'survey', 'service')")


def _fill_domains() -> None:
    """Of what still waits; for the others it has no use any more."""
    at = 'instr' if op.get_bind().dialect.name == 'sqlite' else 'strpos'
    op.execute(f"UPDATE message SET domain = lower(substr(recipient, {at}(recipient, '@') + 1)) WHERE state IN ('queued', 'claimed')")
