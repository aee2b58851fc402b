"""A mail server that is down, unwilling or slow, and a worker that is killed: nothing is lost.

The server is a real one on this machine. Hours pass by the clock that the worker is given.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.adapters.smtp_mail import Server, SmtpTransport
from app.extensions import db
from app.filters import utc_now
from app.unit import unit
from app.worker import make
from cohorts.directory import accounts
from cohorts.ground import outbox
from cohorts.ground.access import COMMAND
from cohorts.ground.outbox import Message
from config import Settings
from tests.databases import settings_for
from tests.mail_peers import PostOffice, asks_for, certificate
from tests.product import Product

PASSWORD = "kata-sandi-surat"
EVENING = datetime(2022, 11, 21, 12, 0, tzinfo=UTC)
NOBODY = ("g7@x.example", "g8@x.example")


@pytest.fixture
def settings(tmp_path: Path, database_url: str, key_dir: Path) -> Settings:
    return settings_for(
        tmp_path / "home", database_url, key_dir=key_dir, mail_transport="smtp",
        smtp_host="127.0.0.1", smtp_security="none")


@pytest.fixture
def office() -> Iterator[PostOffice]:
    made = PostOffice()
    yield made
    made.stop()


@pytest.fixture
def queued(app: Flask, full: bool) -> Iterator[list[str]]:
    """Letters to many people; their addresses."""
    people = [f"g{n}@x.example" for n in range(5000 if full else 120)]
    with app.app_context():
        with unit() as session:
            user = accounts.add_organizer(
                session, "rina@contoh.example", "Rina Contoh", COMMAND, utc_now())
            for to in people:
                outbox.post(
                    session, key=f"test:{to}", kind="password_link", subject=("user", user.id),
                    address=to, name="Nama Contoh", now=EVENING,
                    facts={"generation": user.password_generation})
        yield people
        db.session.remove()


def states() -> Counter[str]:
    found = db.session.execute(sa.select(Message.state, sa.func.count()).group_by(Message.state))
    counted = Counter({row[0]: row[1] for row in found})
    db.session.rollback()
    return counted


@pytest.mark.postgres
def test_hours_without_a_server_then_4xx_5xx_and_slowness_lose_and_double_nothing(
    queued: list[str], office: PostOffice
) -> None:
    now = EVENING
    worker = make(lambda: now, quiet=True)
    transport = SmtpTransport(Server("127.0.0.1", office.port, "none"), patience=0.3)
    worker.tools = replace(worker.tools, transport=transport)
    for _ in range(180):
        worker.drain()
        now += timedelta(minutes=1)
    assert states() == {"ready": len(queued)}

    back, slow = now, Counter[str]()

    def to_guest(address: str) -> str:
        number = int(address.strip("g").partition("@")[0])
        if address in NOBODY:
            return "550 5.1.1 No such person here"
        if number % 10 == 1 and now - back < timedelta(minutes=4):
            return "450 4.2.0 Come back in a while"
        if number % 100 == 2 and not slow[address]:
            slow[address] += 1
            time.sleep(0.5)
        return ""

    office.to_guest = to_guest
    office.start()
    while now - back <= timedelta(minutes=10):
        worker.drain()
        now += timedelta(minutes=1)
    assert slow
    assert Counter(office.guests) == Counter(set(queued) - set(NOBODY)), "each once"
    assert states() == {"sent": len(queued) - len(NOBODY), "failed": len(NOBODY)}
    reasons = set(db.session.scalars(sa.select(Message.error).where(Message.state == "failed")))
    assert reasons == {"550 5.1.1 No such person here"}


def test_a_killed_worker_loses_nothing_and_doubles_at_most_one_message(
    queued: list[str], settings: Settings, tmp_path: Path
) -> None:
    public, context = certificate(tmp_path)
    office = PostOffice(
        tls_context=context, require_starttls=True, auth_required=True,
        authenticator=asks_for("panitia", PASSWORD)).start()
    product = Product(settings.home, settings.database_url, more={
        "MAIL_TRANSPORT": "smtp", "SMTP_HOST": "localhost", "SMTP_PORT": str(office.port),
        "SMTP_USER": "panitia", "SMTP_PASSWORD": PASSWORD, "SSL_CERT_FILE": str(public),
    })

    def wait(until: int) -> None:
        end = time.monotonic() + 120
        while len(set(office.guests)) < until:
            assert product.processes["worker"].poll() is None, product.log("worker")
            assert time.monotonic() < end, product.log("worker")
            time.sleep(0.01)

    kills = (len(queued) // 4, len(queued) // 2)
    try:
        for reached in kills:
            product.work()
            wait(reached)
            product.processes["worker"].kill()
            product.processes["worker"].wait()
            with unit() as session:  # two minutes later: what it held may be taken over
                session.execute(
                    sa.update(Message).where(Message.state == "taken")
                    .values(lease_until=utc_now() - timedelta(seconds=1)))
        assert len(set(office.guests)) < len(queued), "it was killed in the middle"
        product.work()
        wait(len(queued))
        end = time.monotonic() + 30
        while states() != {"sent": len(queued)} and time.monotonic() < end:
            time.sleep(0.05)
    finally:
        product.stop()
        office.stop()
    assert states() == {"sent": len(queued)}
    came = Counter(office.guests)
    assert set(came) == set(queued)
    assert sum(came.values()) <= len(queued) + len(kills)
    written = product.log("worker")
    assert PASSWORD not in written
    assert "/auth/set-password/" not in written
