"""SendGrid's two webhooks as a stranger's network delivers them: again and again, out of order,
late, side by side, and badly signed; against the web server as it runs."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.adapters import sendgrid_hooks
from app.extensions import db
from app.filters import utc_now
from app.mail.compose import reply_address
from app.unit import unit
from app.worker import make
from cohorts.convenings import calendar, chain, delivery
from cohorts.convenings.mail_tables import GuestMail
from cohorts.convenings.tables import Reply
from cohorts.ground.mail_events import MailEvent
from cohorts.ground.outbox import Message, reference
from tests import mail_shapes
from tests.build import convenings as build
from tests.faults.phone import beside, leave
from tests.mail_peers import SendGridHooks, events, inbound_form
from tests.product import Product

HOUR = dt.timedelta(hours=1)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def sender() -> SendGridHooks:
    return SendGridHooks()


@pytest.fixture
def house(
    database_url: str, tmp_path: Path, sender: SendGridHooks
) -> Iterator[tuple[Product, Flask]]:
    """A running product with SendGrid's keys, and its app in this process."""
    product = Product(tmp_path / "home", database_url, more={
        "SENDGRID_EVENT_KEY": sender.public, "SENDGRID_INBOUND_KEY": sender.public})
    app = beside(product)
    try:
        product.serve()
        yield product, app
    finally:
        product.stop()
        leave(app)


def test_a_hundred_times_out_of_order_late_and_badly_signed_is_one_effect(
    house: tuple[Product, Flask], sender: SendGridHooks, count: Callable[[int, int], int]
) -> None:
    product, app = house
    chance = random.Random(11)
    now = utc_now().replace(microsecond=0)
    with app.app_context():
        with unit() as session:
            days = (now.date() - build.START.date()).days + 20
            bali = build.an_invited_head(session, now=now - HOUR, days=days)
            convening_id, invitation_id = bali.convening.id, bali.invitation.id
            build.it_leaves(session, invitation_id, now - HOUR)
            message = reference(session.scalars(sa.select(Message).where(
                Message.subject_id == invitation_id)).one())
        to = reply_address(invitation_id)
        db.session.remove()

    told = [
        {"event": name, "sg_event_id": f"e{n}", "message": message,
         "timestamp": int((now - HOUR).timestamp()) + n}
        for n, name in enumerate(("deferred", "deferred", "delivered", "open", "bounce"))
    ]
    batches = [events(*chance.sample(told, k=n)) for n in (1, 2, 3, 4, 5)]
    words = [("ACCEPTED", 1, mail_shapes.gmail), ("TENTATIVE", 2, mail_shapes.outlook),
             ("ACCEPTED", 3, mail_shapes.apple), ("DECLINED", 4, mail_shapes.outlook)]
    mails = [
        inbound_form(shape(mail_shapes.Said(
            calendar.uid(convening_id), "bupati.14.08@contoh.example", partstat,
            stamp=now - 10 * SECOND + n * SECOND, ident=f"{n}@contoh.example", to=to)), to)
        for partstat, n, shape in words
    ]

    def deliver(n: int) -> int:
        raw, kind, path = batches[n % 5], "application/json", "events"
        if n % 2:
            (raw, kind), path = mails[n // 2 % 4], "inbound"
        url, at = f"{product.url}/hooks/sendgrid/{path}", now - (n % 70) * HOUR
        if n % 10 == 9:  # the right words by the wrong hand
            return SendGridHooks().post(url, raw, at, **{"Content-Type": kind})
        if n % 10 == 4:  # the right hand, too long ago
            at = now - sendgrid_hooks.AGE - HOUR
        return sender.post(url, raw, at, **{"Content-Type": kind})

    turns = list(range(count(100, 1000)))
    chance.shuffle(turns)
    with ThreadPoolExecutor(8) as pool:
        answers = Counter(pool.map(deliver, turns))
    assert answers == {200: len(turns) * 8 // 10, 403: len(turns) * 2 // 10}

    with app.app_context():
        make(quiet=True).drain()
        kept = {e.id: e.outcome for e in db.session.scalars(sa.select(MailEvent))}
        assert kept == {"e0": "deferred", "e1": "deferred", "e2": "delivered", "e4": "bounced"}
        (line,) = (x for x in delivery.board(db.session(), convening_id, utc_now())
                   if x.state.invitation_id == invitation_id)
        assert line.fate == "bounced"
        came = db.session.scalars(sa.select(GuestMail)).all()
        assert len(came) == len(mails)
        replies = db.session.scalars(sa.select(Reply).order_by(Reply.n)).all()
        assert replies[-1].answer == "declined"
        assert len(replies) == sum(mail.kind == "answer" for mail in came)
        state = chain.who_comes(db.session(), invitation_id, utc_now())
        assert state is not None
        assert state.state == "declined"
        db.session.remove()
    said = product.log("web")
    for secret in (to.partition("@")[0], "bupati.14.08", message, sender.public[-20:]):
        assert secret not in said, secret
