"""Alembic's environment: the app's own engine and metadata; no ini file decides anything."""

from alembic import context
from flask import current_app

db = current_app.extensions["migrate"].db
options = dict(current_app.extensions["migrate"].configure_args)
options.setdefault("compare_type", True)

if context.is_offline_mode():
    context.configure(
        url=db.engine.url, target_metadata=db.metadata, literal_binds=True, **options
    )
    with context.begin_transaction():
        context.run_migrations()
else:
    with db.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=db.metadata, **options)
        with context.begin_transaction():
            context.run_migrations()
