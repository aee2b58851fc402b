"""The command line: `flask worker`, `flask demo`, `flask organizer add`, `flask check`.

`./lab` is for those who develop and try it; these are for those who run it.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import click
import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from flask import Flask
from flask.cli import AppGroup, with_appcontext

from app.extensions import db, settings
from cohorts.ground.refusal import Refusal

REFUSED = {
    "directory.account_known": "This address already has an account.",
    "directory.account_address": "This is not an e-mail address.",
}
FONTS = Path(__file__).resolve().parent / "static" / "dist" / "fonts-print"
ROOT = Path(__file__).resolve().parent.parent


def register(app: Flask) -> None:
    """Give the app its commands."""
    app.cli.add_command(worker)
    app.cli.add_command(seed)
    app.cli.add_command(demo)
    app.cli.add_command(organizer)
    app.cli.add_command(check)


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
@with_appcontext
def worker(once: bool) -> None:
    """Send what is due, print, number the log. Runs until stopped."""
    from app.worker import make

    own = make()
    if once:
        click.echo(f"{own.drain()} done")
        return
    stop = threading.Event()

    def told(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, told)
    own.run(stop)


@click.command()
@with_appcontext
def seed() -> None:
    """Load the regions, their governments and the roles of protocol. A second run changes nothing
    but what a newer version of the product mends."""
    from app.unit import unit
    from cohorts.directory import intake

    with unit() as session:
        intake.seed(session)


@click.command()
@with_appcontext
def demo() -> None:
    """Load the Living Lab's story as three sample cohorts. A second run changes nothing."""
    from app.demo.load import load
    from app.worker import real_time

    if not settings().demo_allowed:
        raise click.ClickException(
            "The demo's password is published and its people are made up, so it is refused where "
            "BASE_URL is https or MAIL_TRANSPORT is not files."
        )
    click.echo(load(lambda line: click.echo(line, err=True), real_time()))


organizer = AppGroup("organizer", help="Accounts of organisers.")


@organizer.command("add")
@click.argument("email")
@click.argument("name")
@with_appcontext
def organizer_add(email: str, name: str) -> None:
    """Make an account that may do everything; print its one-use link to set a password."""
    from app.extensions import keys
    from app.mail.compose import page
    from app.unit import unit
    from app.worker import real_time
    from cohorts.directory import accounts
    from cohorts.ground.access import COMMAND
    from cohorts.ground.links import Links

    try:
        with unit() as session:
            user = accounts.add_organizer(session, email, name, COMMAND, real_time())
            token = Links(keys().link).make("password", user.id, user.password_generation)
    except Refusal as why:
        raise click.ClickException(REFUSED.get(why.code, why.code)) from None
    click.echo(page("password", token))


@click.command()
@with_appcontext
def check() -> None:
    """Say whether database and keys are as this version needs them; exit 1 when not."""
    found = list(problems())
    for line in found:
        click.echo(line)
    if found:
        sys.exit(1)
    click.echo("ready")


def problems() -> Iterator[str]:
    """One sentence for each thing that keeps this installation from working."""
    wanted = (ROOT / "migrations" / "head.txt").read_text().strip()
    try:
        with db.engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
    except sa.exc.SQLAlchemyError as why:
        yield f"the database does not answer: {type(why).__name__}"
    else:
        if found != wanted:
            yield f"the database is at {found}, this version needs {wanted}: flask db upgrade"
    own = settings()
    for folder in (own.home, own.outbox_dir, own.files_dir):
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            yield f"{folder.name} in LAB_HOME cannot be written"
    for name in ("secret", "link", "code", "venue", "pass"):
        path = (own.key_dir or own.home / "keys") / f"{name}.key"
        if path.stat().st_mode & 0o077:
            yield f"{path.name} can be read by others: chmod 600"
    if not any(FONTS.glob("*.ttf")):
        yield "the print fonts are not built: ./lab run builds them"
