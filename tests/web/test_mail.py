"""The organisers' page of messages: every one can be read, and rights stay hidden."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask

from app.extensions import db, keys
from app.filters import utc_now
from app.unit import unit
from cohorts.directory import accounts
from cohorts.ground import outbox
from cohorts.ground.access import COMMAND
from cohorts.ground.links import Links
from cohorts.ground.outbox import Message
from cohorts.programme.tables import Cohort
from tests.web.pages import Pages


def cohort(app: Flask, slug: str, sample: bool) -> str:
    with app.app_context(), unit() as session:
        made = Cohort(
            slug=slug, name_id=slug, name_en=slug, starts_on=dt.date(2022, 10, 1), sample=sample,
            timezone="Asia/Jakarta", created_at=utc_now())
        session.add(made)
        session.flush()
        return made.id


def message(app: Flask, cohort_id: str | None = None, **over: object) -> tuple[int, str]:
    """Post a password link to somebody; return the message's number and the link's token."""
    with app.app_context(), unit() as session:
        count = session.scalar(db.select(db.func.count()).select_from(Message)) or 0
        user = accounts.add_organizer(
            session, f"guest{count}@contoh.example", f"Tamu{count}", COMMAND, utc_now())
        facts = {
            "kind": "password_link", "subject": ("user", user.id), "address": user.email,
            "name": user.name, "facts": {"generation": user.password_generation}, **over}
        outbox.post(session, key=f"k{count}", now=utc_now(), cohort_id=cohort_id, **facts)
        ident = session.scalars(db.select(Message.id).order_by(Message.id.desc())).first()
        assert ident is not None
        return ident, Links(keys().link).make("password", user.id, user.password_generation)


def test_with_nothing_sent_the_page_says_what_will_be_here(either: Pages) -> None:
    page = either.signed_in().get("/o/mail")
    assert page.h1 == {"id": "Pesan", "en": "Messages"}[either.lang]
    assert len(page.all(".empty")) == 1


def test_links_are_hidden_but_in_a_sample_cohort(app: Flask, staff: Pages) -> None:
    real, token = message(app, cohort(app, "nyata", False))
    page = staff.get(f"/o/mail/{real}")
    assert token not in page.html
    assert "disembunyikan" in page.text
    sample, token = message(app, cohort(app, "contoh", True))
    page = staff.get(f"/o/mail/{sample}")
    assert token in page.html
    assert page.link(token).endswith(f"/auth/set-password/{token}")


def test_a_message_of_no_cohort_is_masked_too(app: Flask, staff: Pages) -> None:
    ident, token = message(app)
    assert token not in staff.get(f"/o/mail/{ident}").html


@pytest.mark.postgres
def test_messages_are_listed_youngest_first_and_found_by_name(app: Flask, either: Pages) -> None:
    staff = either.signed_in()
    for _ in range(3):
        message(app)
    names = staff.get("/o/mail").lines(".row-link")
    assert names == ["Tamu2", "Tamu1", "Tamu0"]
    assert staff.get("/o/mail?q=TAMU1").lines(".row-link") == ["Tamu1"]
    assert staff.get("/o/mail?q=%25").lines(".row-link") == []
    assert staff.get("/o/mail?state=sent").lines(".row-link") == []
    assert staff.get("/o/mail?state=ready&page=99").lines(".row-link") == names


def test_the_worker_own_jobs_are_no_messages(app: Flask, staff: Pages) -> None:
    ident, _ = message(app, kind="job.pledge_document")
    assert staff.get("/o/mail").lines(".row-link") == []
    staff.get(f"/o/mail/{ident}", status=404)


def test_an_organiser_of_one_cohort_reads_only_its_messages(app: Flask, pages: Pages) -> None:
    own, other = cohort(app, "a", True), cohort(app, "b", True)
    mine, _ = message(app, own)
    theirs, _ = message(app, other)
    general, _ = message(app)
    reader = pages.signed_in("organizer", scope="cohort", scope_id=own)
    assert reader.get("/o/mail").lines(".row-link") == ["Tamu0"]
    reader.get(f"/o/mail/{mine}")
    reader.get(f"/o/mail/{theirs}", status=404)
    reader.get(f"/o/mail/{general}", status=404)
    reader.post(f"/o/mail/{theirs}/again", status=404)


def test_a_failed_message_can_be_sent_once_more(app: Flask, staff: Pages) -> None:
    ident, _ = message(app)
    with app.app_context(), unit() as session:
        row = session.get(Message, ident)
        assert row is not None
        row.state, row.error = "failed", "no route"
    page = staff.get(f"/o/mail/{ident}")
    assert "no route" in page.text
    page = staff.submit(page, "/again")
    assert "dikirim sekali lagi" in page.text
    with app.app_context():
        row = db.session.get(Message, ident)
        assert row is not None
        assert (row.state, row.error) == ("ready", None)


def test_a_message_that_no_longer_holds_says_so(app: Flask, staff: Pages) -> None:
    ident, _ = message(app)
    with app.app_context(), unit() as session:
        row = session.get(Message, ident)
        assert row is not None
        user = session.get(accounts.User, row.subject_id)
        assert user is not None
        accounts.open_password_link(session, user, utc_now(), accounts.LINK_LIFETIME)
    assert "sudah tidak berlaku" in staff.get(f"/o/mail/{ident}").text


@pytest.mark.parametrize("role", ["auditor", "mentor", "door_officer"])
def test_who_only_looks_or_checks_reads_no_mail(pages: Pages, role: str) -> None:
    pages.signed_in(role).get("/o/mail", status=403)
