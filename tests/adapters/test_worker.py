"""The worker: what is due leaves once, in order, and one bad message stops nobody."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask

from app.adapters.file_mail import FileTransport
from app.adapters.mime import Away, Mail, Receipt, Refused
from app.adapters.print import Printer
from app.adapters.sendgrid_mail import SendGridTransport
from app.adapters.smtp_mail import SmtpTransport
from app.extensions import db
from app.mail import compose as composing
from app.mail import letters
from app.unit import unit
from app.worker import Tools, Worker, transport
from cohorts.convenings import needs, seats
from cohorts.convenings.seat_tables import Need
from cohorts.ground import log, outbox, throttle
from cohorts.ground.files import FileStore
from cohorts.ground.outbox import Message
from config import Settings
from tests.build import convenings

ROOT = Path(__file__).resolve().parents[2]
NOON = datetime(2022, 11, 21, 4, 0, tzinfo=UTC)


class Outside:
    """A transport that remembers, and that can be told to fail."""

    name = "outside"

    def __init__(self) -> None:
        self.sent: list[Mail] = []
        self.down = False
        self.away = False
        self.refuses = ""
        self.asked = 0
        self.rested = False

    def send(self, mail: Mail) -> Receipt:
        self.asked += 1
        if self.away:
            raise Away("the post office is closed")
        if mail.to.email == self.refuses:
            raise Refused("550 no such person")
        if self.down:
            raise ConnectionError("no route to the post office")
        self.sent.append(mail)
        return Receipt(self.name, mail.id)

    def rest(self) -> None:
        self.rested = True


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def later(self, **by: int) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def worker(
    app: Flask,
    outside: Outside,
    clock: Clock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Worker]:
    def plain(_session: object, message: Message) -> composing.Letter:
        if message.facts.get("overtaken"):
            raise composing.Overtaken
        if message.facts.get("broken"):
            raise RuntimeError("this one is broken")
        context = {"link": "http://x.example/l", "person": "Nama Contoh", "lasts": "1 jam"}
        return composing.Letter("set_password", context)

    monkeypatch.setitem(letters.KINDS, "test.note", plain)
    tools = Tools(
        outside,
        FileStore(tmp_path / "files"),
        Printer(ROOT / "templates" / "print", ROOT / "app" / "static" / "dist" / "fonts-print"),
        log.LogKey(Ed25519PrivateKey.generate()),
    )
    with app.app_context():
        yield Worker(tools, {}, clock)


def post(key: str, **more: object) -> None:
    facts = {k: v for k, v in more.items() if k in ("overtaken", "broken")}
    others = {k: v for k, v in more.items() if k not in facts}
    with unit() as session:
        outbox.post(
            session,
            key=key,
            subject=("test", key),
            now=NOON,
            facts=facts,
            **{"kind": "test.note", "address": f"{key}@x.example", "name": "Nama Contoh", **others},  # type: ignore[arg-type]
        )


def state(key: str) -> str:
    found = db.session.scalar(sa.select(Message.state).where(Message.key == key))
    db.session.rollback()
    return str(found)


def test_what_is_due_leaves_once(worker: Worker, outside: Outside) -> None:
    post("a")
    post("later", due_at=NOON + timedelta(hours=1))
    assert worker.drain() == 1
    assert worker.drain() == 0
    assert [m.to.email for m in outside.sent] == ["a@x.example"]
    assert (state("a"), state("later")) == ("sent", "ready")


def test_the_receipt_is_kept(worker: Worker, outside: Outside) -> None:
    post("a")
    worker.drain()
    receipt = db.session.scalar(sa.select(Message.receipt))
    assert receipt == f"outside:{outside.sent[0].id}"


def test_an_outage_loses_nothing_and_is_tried_with_growing_pauses(
    worker: Worker, outside: Outside, clock: Clock
) -> None:
    post("a")
    outside.down = True
    tries = []
    for minute in range(90):
        if worker.step():
            tries.append(minute)
        clock.later(minutes=1)
    assert tries == [0, 1, 6, 21, 81]
    outside.down = False
    clock.later(hours=1)
    worker.drain()
    assert len(outside.sent) == 1
    assert state("a") == "sent"


def test_after_a_day_it_fails_in_plain_sight(
    worker: Worker, outside: Outside, clock: Clock
) -> None:
    post("a")
    outside.down = True
    for _ in range(30):
        worker.step()
        clock.later(hours=1)
    assert state("a") == "failed"
    error = db.session.scalar(sa.select(Message.error))
    assert error == "ConnectionError: no route to the post office"


def test_what_the_other_side_never_takes_fails_at_once_with_its_reason(
    worker: Worker, outside: Outside
) -> None:
    post("a")
    post("b")
    outside.refuses = "a@x.example"
    worker.drain()
    assert (state("a"), state("b")) == ("failed", "sent")
    found = db.session.scalar(sa.select(Message.error).where(Message.key == "a"))
    assert found == "550 no such person"


def test_a_post_office_that_is_away_is_asked_once_a_minute_and_gets_all_when_it_is_back(
    worker: Worker, outside: Outside, clock: Clock
) -> None:
    keys = [f"g{n}" for n in range(20)]
    for key in keys:
        post(key)
    outside.away = True
    for _ in range(180):  # three hours
        worker.drain()
        clock.later(minutes=1)
    assert outside.asked == 180
    assert set(db.session.scalars(sa.select(Message.state))) == {"ready"}
    outside.away = False
    clock.later(minutes=1)
    worker.drain()
    assert sorted(m.to.email for m in outside.sent) == sorted(f"{key}@x.example" for key in keys)
    assert outside.rested


def test_the_workers_own_jobs_go_on_while_the_post_office_is_away(
    worker: Worker, outside: Outside, clock: Clock
) -> None:
    done: list[str] = []
    worker.jobs = {"job.test": lambda _tools, message, _now: done.append(message.key) or "done"}
    post("a")
    outside.away = True
    worker.drain()
    post("print", kind="job.test", address="")
    worker.drain()
    assert done == ["print"]
    assert outside.asked == 1


def test_a_day_of_nobody_there_ends_in_plain_sight(
    worker: Worker, outside: Outside, clock: Clock
) -> None:
    post("a")
    outside.away = True
    worker.drain()
    clock.later(hours=23)
    worker.drain()
    assert state("a") == "ready"
    clock.later(hours=1)
    worker.drain()
    assert state("a") == "failed"


def test_the_settings_name_the_transport() -> None:
    for given, kind in (
        ({}, FileTransport),
        ({"BASE_URL": "https://lab.example.go.id"}, FileTransport),
        ({"MAIL_TRANSPORT": "smtp", "SMTP_HOST": "mail.example"}, SmtpTransport),
        ({"MAIL_TRANSPORT": "sendgrid", "SENDGRID_KEY": "SG.x"}, SendGridTransport),
    ):
        assert type(transport(Settings.from_environ(given))) is kind


def test_one_broken_message_blocks_nobody(worker: Worker, outside: Outside) -> None:
    post("a", broken=True)
    post("b")
    worker.drain()
    assert [m.to.email for m in outside.sent] == ["b@x.example"]


def test_within_a_thread_nothing_overtakes(worker: Worker, outside: Outside, clock: Clock) -> None:
    post("request", thread="guest", broken=True)
    post("cancel", thread="guest")
    worker.drain()
    assert outside.sent == []
    with unit() as session:
        session.execute(sa.update(Message).where(Message.key == "request").values(facts={}))
    clock.later(minutes=2)
    worker.drain()
    assert [m.to.email for m in outside.sent] == ["request@x.example", "cancel@x.example"]


def test_what_no_longer_holds_is_not_sent(worker: Worker, outside: Outside) -> None:
    post("a", overtaken=True)
    worker.drain()
    assert outside.sent == []
    assert state("a") == "superseded"


def test_a_message_without_an_address_fails_at_once(worker: Worker, outside: Outside) -> None:
    post("a", address="")
    worker.drain()
    assert outside.sent == []
    assert state("a") == "failed"


def test_a_killed_workers_message_is_taken_over_when_its_lease_ends(
    worker: Worker, outside: Outside, clock: Clock
) -> None:
    post("a")
    with unit() as session:
        assert outbox.claim(session, owner="killed", now=NOON) is not None
    assert worker.drain() == 0
    clock.later(minutes=3)
    assert worker.drain() == 1
    with unit() as session:
        message = session.scalar(sa.select(Message))
        assert message is not None
        assert not outbox.finish(session, message_id=message.id, owner="killed", now=clock.now)
    assert state("a") == "sent"


def test_log_leaves_are_numbered_once_and_the_tree_is_signed(worker: Worker, clock: Clock) -> None:
    for n in range(3):
        with unit() as session:
            log.append(session, "closing", {"n": n}, NOON)
    worker.tick()
    clock.later(seconds=5)
    worker.tick()
    heads = db.session.scalars(sa.select(log.Checkpoint)).all()
    assert [h.size for h in heads] == [3]
    public = worker.tools.log_key.private.public_key()
    assert log.note_holds(heads[0].note, public)
    assert len(log.leaves(db.session())) == 3


def test_the_sweep_removes_orphans_and_old_attempts_and_nothing_else(
    worker: Worker, clock: Clock
) -> None:
    files = worker.tools.files
    orphan, kept = files.put(b"orphan", "text/plain"), files.put(b"kept", "text/plain")
    with unit() as session:
        from cohorts.ground.files import register

        register(session, kept, NOON)
        throttle.hit(session, "old", limit=5, every=timedelta(minutes=1), now=NOON)
    clock.now = datetime.now(UTC) + timedelta(days=3)
    with unit() as session:
        throttle.hit(session, "new", limit=5, every=timedelta(minutes=1), now=clock.now)
    worker.tick()
    assert not files.path(orphan.sha256).exists()
    assert files.path(kept.sha256).exists()
    keys = db.session.scalars(sa.select(throttle.Attempt.key)).all()
    assert keys == ["new"]


def test_it_stops_when_told_to(worker: Worker, outside: Outside) -> None:
    post("a")
    stop = threading.Event()
    stop.set()
    worker.run(stop)
    assert outside.sent == []


def test_the_worker_reminds_as_it_ticks(app: Flask, worker: Worker, clock: Clock) -> None:
    with unit() as session:
        made = convenings.an_invited_head(session)
        convenings.it_leaves(session, made.invitation.id, convenings.NOW)
    kinds = sa.select(Message.kind).where(Message.kind.startswith("reminder"))
    clock.now = datetime(2022, 11, 7, 0, 0, tzinfo=UTC)  # 08.00 WITA, seven days before
    for _ in range(3):
        worker.drain()
        clock.later(minutes=6)
    assert db.session.scalars(kinds).all() == ["reminder_reply"]
    assert db.session.scalars(kinds.where(Message.state == "sent")).all() == ["reminder_reply"]


def test_what_guests_eat_is_forgotten_when_the_convening_is_over(
    worker: Worker, clock: Clock
) -> None:
    with unit() as session:
        made = convenings.an_invited_head(session)
        seats.attend(session, made.seat_id, made.guest, convenings.NOW)
        needs.tell(session, made.seat_id, "Vegetarian", "", made.guest, convenings.NOW)
    clock.now = convenings.START
    worker.tick()
    assert db.session.scalars(sa.select(Need.diet)).all() == ["Vegetarian"]
    clock.now = convenings.START + timedelta(days=2)
    worker.tick()
    assert db.session.scalars(sa.select(Need.diet)).all() == []
