"""Finding a date through its pages: asked, answered on a phone, ranked, chosen, called off."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from app.extensions import db
from app.filters import utc_now
from app.mail.compose import Overtaken, compose
from app.poll_texts import poll_link
from app.unit import unit
from cohorts.convenings import poll_reminders
from cohorts.convenings.poll_tables import Poll, PollAnswer, PollAsk
from cohorts.convenings.tables import Convening, Invitation
from cohorts.ground.outbox import Message
from tests.build import convenings as build
from tests.build import directory, polls
from tests.build.convenings import DUMAI, SIAK
from tests.web.pages import Page, Pages

HOUR = dt.timedelta(hours=1)


@dataclasses.dataclass(frozen=True)
class Search:
    """A poll over three days ahead: Siak's regent and secretary, Dumai's mayor without address."""

    url: str
    siak: str
    sekda: str
    dumai: str
    poll_id: str


def ahead(days: int) -> dt.datetime:
    """Nine o'clock in Makassar, so many days from now."""
    first = utc_now().replace(hour=1, minute=0, second=0, microsecond=0)
    return first + dt.timedelta(days=days)


@pytest.fixture
def search(app: Flask) -> Search:
    with app.app_context():
        with unit() as session:
            dates = tuple((ahead(n), ahead(n) + 7 * HOUR) for n in (40, 41, 42))
            made = polls.a_poll(
                session, now=utc_now() - HOUR, dates=dates, answer_by=ahead(20),
                roles=("kepala_daerah", "sekda"))  # fmt: skip
            path = f"/o/cohorts/{made.cohort_id}/polls/{made.id}"
            asks = [
                polls.ask_of(session, made, SIAK), polls.ask_of(session, made, SIAK, "sekda"),
                polls.ask_of(session, made, DUMAI),
            ]  # fmt: skip
            links = ["/u/" + poll_link(ask).partition("/u/")[2] for ask in asks]
            found = Search(path, *links, made.id)
        db.session.remove()
    return found


def count(app: Flask, table: Any) -> int:
    with app.app_context():
        n = db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        db.session.remove()
    return n


def seen(page: Page) -> str:
    """The button that asks what was looked at."""
    return f"seen={page.one('button[name=seen]')['value']}"


SAYS = {"date_1": "yes", "date_2": "no", "date_3": "if_needed"}


@pytest.mark.parametrize("lang", ["id", "en"])
def test_an_office_answers_by_two_taps_a_date_and_reading_changes_nothing(
    app: Flask, search: Search, lang: str
) -> None:
    phone = Pages(app, lang)
    page = phone.get(search.siak)
    for _again in range(3):
        phone.get(search.siak)
        phone.client.head(search.siak)
    assert count(app, PollAnswer) == 0
    assert ("Bupati Siak" if lang == "id" else "Regent of Siak") in page.text
    missing = phone.submit(page, status=400, date_1="yes")
    assert {"id": "Pilih satu jawaban", "en": "Choose one answer"}[lang] in missing.text
    done = phone.submit(missing, **SAYS, note="Rapat paripurna pada hari kedua")
    assert (
        done.h1
        == {
            "id": "Jawaban Kabupaten Siak sudah kami terima",
            "en": "We have the answer of Siak Regency",
        }[lang]
    )
    assert "Rapat paripurna" in done.text
    other = phone.get(search.sekda)
    assert ("Bupati Siak" if lang == "id" else "Regent of Siak") in other.text, "who answered"
    changed = phone.submit(phone.get(f"{search.sekda}/change"), **SAYS | {"date_2": "yes"})
    assert ("Sekretaris Daerah" if lang == "id" else "Regional Secretary") in changed.text
    assert count(app, PollAnswer) == 2
    phone.get(search.siak[:-1] + ("A" if search.siak[-1] != "A" else "B"), status=404)


def test_the_organiser_reads_the_ranking_answers_on_behalf_and_chooses(
    app: Flask, search: Search, staff: Pages
) -> None:
    phone = Pages(app)
    phone.submit(phone.get(search.siak), date_1="no", date_2="yes", date_3="if_needed")
    page = staff.get(search.url)
    assert "1 dari 2 daerah sudah menjawab" in page.text
    assert "Dijawab oleh Bupati Siak" in page.text
    assert len(page.all('a[href^="https://wa.me"]')) == 2, "the offices without an address"
    days = [tag.get_text() for tag in page.all(".series h3")]
    behalf = staff.get(page.link("Catat jawaban Kota Dumai"))
    page = staff.submit(behalf, date_1="if_needed", date_2="no", date_3="yes")
    assert "dicatat sekretariat" in page.text
    after = [tag.get_text() for tag in page.all(".series h3")]
    assert (days[0], after[0]) == (days[0], days[1]), "the third day now has no refusal"
    choose = staff.get(page.link("Pilih tanggal ini"))
    assert "Belum ada yang berubah" in choose.text
    assert count(app, Convening) == 0
    made = staff.submit(choose, venue="Kampus UID, Denpasar")
    assert "Diumumkan" in made.text
    assert "Kampus UID, Denpasar" in made.text
    assert count(app, Invitation) == 2, "the heads; the secretaries only may answer"
    assert "Tanggal sudah ditetapkan" in staff.get(search.url).text
    again = staff.submit(choose, venue="Tempat lain")
    assert again.url.endswith(made.url.rpartition("/")[2]), "a double click"
    assert count(app, Convening) == 1
    closed = phone.get(f"{search.siak}/change")
    assert closed.h1 == "Tanggal sudah ditetapkan"
    assert after[0] in closed.text
    english = Pages(app, "en").get(search.dumai)
    assert english.h1 == "The date has been set"


def test_a_second_organiser_who_chooses_another_date_is_told(
    app: Flask, search: Search, staff: Pages
) -> None:
    first, second = (staff.get(f"{search.url}/choose/{n}") for n in (1, 2))
    staff.submit(first)
    told = staff.submit(second, status=400)
    assert "Tanggal sudah ditetapkan" in told.text
    assert count(app, Convening) == 1


def test_it_is_called_off_with_a_reason_and_the_links_say_so(
    app: Flask, search: Search, staff: Pages
) -> None:
    phone = Pages(app)
    phone.submit(phone.get(search.siak), **SAYS)
    form = staff.get(staff.get(search.url).link("Batalkan pencarian"))
    assert "Bupati Siak" in form.text
    staff.submit(form, status=400, reason=" ")
    page = staff.submit(form, reason="Banjir")
    assert "1 jabatan diberi tahu" in page.text
    said = phone.get(search.dumai)
    assert said.h1 == "Pencarian tanggal dibatalkan"
    assert "Banjir" in said.text
    with app.app_context():
        rows = db.session.scalars(
            sa.select(Message).where(Message.kind.startswith("poll_")).order_by(Message.id)
        ).all()
        assert [(m.kind, m.state) for m in rows] == [
            ("poll_asked", "superseded"), ("poll_cancelled", "ready"),
        ]  # fmt: skip
        assert "Banjir" in compose(db.session(), rows[1], utc_now()).text
        with pytest.raises(Overtaken):
            compose(db.session(), rows[0], utc_now())


def test_the_mail_and_its_reminder_carry_the_dates_and_the_office_s_own_link(
    app: Flask, search: Search
) -> None:
    with app.app_context():
        poll = db.session.get_one(Poll, search.poll_id)
        asked = db.session.scalars(sa.select(Message).where(Message.kind == "poll_asked")).one()
        mail = compose(db.session(), asked, utc_now())
        assert search.siak in mail.text
        assert mail.text.count("pukul 09.00 s.d. 16.00 WITA (08.00 WIB)") == 3
        step = poll_reminders.steps(poll)[0]
        db.session.rollback()
        with unit() as session:
            assert poll_reminders.post_due(session, step.at) == 1
        row = db.session.scalars(sa.select(Message).where(Message.kind == "poll_reminder")).one()
        assert search.siak in compose(db.session(), row, step.at).text
        with pytest.raises(Overtaken):
            compose(db.session(), row, step.until)
        db.session.remove()


def test_a_question_is_looked_at_before_anybody_is_asked_and_again_when_it_changes(
    app: Flask, staff: Pages
) -> None:
    with app.app_context():
        with unit() as session:
            directory.a_holder(session, SIAK, "bupati")
            cohort_id = build.a_cohort(session, SIAK, DUMAI).id
            build.a_draft(
                session, build.a_cohort(session, SIAK), starts_at=ahead(40),
                ends_at=ahead(40) + HOUR, reply_by=ahead(30), door_opens_at=ahead(40) - HOUR,
                door_closes_at=ahead(40) + HOUR)  # fmt: skip
        db.session.remove()
    form = staff.get(staff.get(f"/o/cohorts/{cohort_id}").link("Cari tanggal"))
    said: dict[str, Any] = {
        "title_id": "Bali", "venue": "Denpasar", "timezone": "Asia/Makassar",
        "answer_by": f"{ahead(20):%Y-%m-%d}T17:00", "required": SIAK,
    }  # fmt: skip
    for n, days in enumerate((40, 41)):
        said[f"dates-{n}-starts_at"] = f"{ahead(days):%Y-%m-%d}T09:00"
        said[f"dates-{n}-ends_at"] = f"{ahead(days):%Y-%m-%d}T16:00"
    few = staff.submit(form, status=400, **said)
    assert "Jumlah pilihan tanggal belum sesuai" in few.text
    third = {f"dates-2-{end}": f"{ahead(43):%Y-%m-%d}T{hour}:00"
             for end, hour in (("starts_at", "09"), ("ends_at", "16"))}  # fmt: skip
    look = staff.submit(few, **third)
    assert "Belum ada yang dikirim." in look.text
    assert "Wali Kota Dumai" in look.text, "has no address"
    assert "1 daerah diharapkan di keduanya" in look.text
    assert (count(app, Poll), count(app, PollAsk)) == (0, 0)
    again = staff.submit(look, press=seen(look), title_id="Pertemuan Bali")
    assert count(app, Poll) == 0, "changed since it was looked at"
    asked = staff.submit(again, press=seen(again))
    assert "2 jabatan ditanya: 1 lewat surel, 1 tanpa alamat surel." in asked.text
    assert "1 wajib hadir" in asked.text
    twice = staff.submit(again, press=seen(again))
    assert twice.url == asked.url
    assert count(app, PollAsk) == 2


def test_the_queries_of_the_result_do_not_grow_with_the_regions(
    app: Flask, search: Search, staff: Pages
) -> None:
    asked: list[str] = []

    def note(_c: object, _k: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    with app.app_context():
        with unit() as session:
            codes = [f"32.{n:02d}" for n in range(1, 12)]
            many = polls.a_poll(
                session, *codes, now=utc_now() - HOUR, answer_by=ahead(20),
                dates=tuple((ahead(n), ahead(n) + 7 * HOUR) for n in (40, 41, 42)))  # fmt: skip
            url = f"/o/cohorts/{many.cohort_id}/polls/{many.id}"
        engine = db.engine
        db.session.remove()
    spent = []
    for address in (search.url, url, search.url, url):
        event.listen(engine, "before_cursor_execute", note)
        asked.clear()
        staff.get(address)
        spent.append(len(asked))
        event.remove(engine, "before_cursor_execute", note)
    assert spent[2] == spent[3]


def test_only_readers_of_the_cohort_see_it_and_a_mentor_changes_nothing(
    app: Flask, search: Search
) -> None:
    Pages(app).signed_in("organizer", "cohort", "ELSEWHERE").get(search.url, status=403)
    mentor = Pages(app).signed_in("mentor")
    page = mentor.get(search.url)
    for word in ("Pilih tanggal ini", "Batalkan pencarian", "Catat jawaban", "wa.me"):
        assert word not in str(page.soup)
    for path in ("/choose/1", "/cancel"):
        mentor.get(search.url + path, status=403)
