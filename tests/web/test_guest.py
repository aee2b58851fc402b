"""A guest's phone: the invitation, the three answers, the deputy's page, the pass."""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest
import sqlalchemy as sa
from flask import Flask

from app import invitation_texts as texts
from app.extensions import db, keys, settings
from app.filters import utc_now
from app.unit import unit
from cohorts.convenings import invitation as invitations
from cohorts.convenings import seats
from cohorts.convenings.tables import HandOver, Invitation, Pass, Reply, SignMandate
from cohorts.ground.codes import Challenge, Codes
from cohorts.ground.files import FileStore
from cohorts.ground.links import Links
from cohorts.ground.outbox import Message
from tests.adapters.test_pictures import PLACE, photo
from tests.build import convenings as build
from tests.build.convenings import ORGANISER
from tests.web.pages import Page, Pages

PDF = b"%PDF-1.4\n" + b"x" * 40


class Guests:
    """Bali, ten days from now, with the links of those who are invited."""

    def __init__(self, app: Flask, **changes: object) -> None:
        self.app = app
        with app.app_context():
            now = utc_now()
            days = (now.date() - build.START.date()).days + 10
            with unit() as session:
                made = build.an_invited_head(
                    session, now=now - dt.timedelta(hours=2), days=days, **changes)  # type: ignore[arg-type]
                self.convening_id = made.convening.id
                self.invitation_id = made.invitation.id
                self.seat_id = made.seat_id
            self.url = self._path(texts.invitation_link(self.invitation_id, 1))
            other = db.session.scalars(
                sa.select(Invitation).where(
                    Invitation.convening_id == self.convening_id,
                    Invitation.id != self.invitation_id)
            ).one()
            self.vacant = self._path(texts.invitation_link(other.id, 1))
            db.session.remove()

    @staticmethod
    def _path(link: str) -> str:
        return "/" + link.split("/", 3)[3]

    def deputy(self) -> str:
        """The page of the newest deputy."""
        with self.app.app_context():
            over = db.session.scalars(sa.select(HandOver).order_by(HandOver.at.desc())).first()
            assert over is not None
            link = self._path(texts.deputy_link(over.id))
            db.session.remove()
        return link

    def rows(self, model: type, what: sa.ColumnElement[object]) -> list[object]:
        """Values of the database."""
        with self.app.app_context():
            found = list(db.session.scalars(sa.select(what).select_from(model)))
            db.session.remove()
        return found

    def in_unit(self, act: object) -> None:
        """Something that an organiser does meanwhile."""
        with self.app.app_context():
            with unit() as session:
                act(session)  # type: ignore[operator]
            db.session.remove()


@pytest.fixture
def guests(app: Flask) -> Guests:
    return Guests(app)


@pytest.fixture
def late_guests(app: Flask) -> Guests:
    """The deadline was an hour ago."""
    return Guests(app, reply_by=utc_now() - dt.timedelta(hours=1))


def test_the_invitation_addresses_the_office_and_shows_both_hours(
    either: Pages, guests: Guests
) -> None:
    page = either.get(guests.url)
    assert page.h1 in ("Yth. Bupati Siak", "To the Honourable Regent of Siak")
    assert "WITA" in page.text
    assert "WIB" in page.text
    assert page.response.headers["Cache-Control"] == "no-store"
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page.html
    assert "Rahmat Contoh" not in page.html, "a chat's preview names the office, never a person"


def test_opening_a_page_answers_nothing(pages: Pages, guests: Guests) -> None:
    for path in ("", "/decline", "/delegate", "/change", "/name"):
        pages.get(guests.url + path)
    for path in ("/attend", "/revoke"):
        assert pages.client.get(guests.url + path).status_code == 405
    assert guests.rows(Reply, Reply.id) == []


def test_one_press_answers_and_the_page_says_until_when(either: Pages, guests: Guests) -> None:
    page = either.submit(either.get(guests.url), "/attend")
    assert page.url == guests.url
    assert ("sudah kami catat" in page.h1) or ("noted" in page.h1)
    assert "Rahmat Contoh" in page.text
    again = either.submit(either.get(guests.url + "/change"), "/attend")
    assert again.h1 == page.h1
    assert guests.rows(Reply, Reply.n) == [1]


def test_the_pass_carries_a_code_but_no_name_in_it(pages: Pages, guests: Guests) -> None:
    page = pages.submit(pages.get(guests.url), "/attend")
    card = pages.get(page.link("Buka kartu masuk"))
    assert "Rahmat Contoh" in card.text
    assert "Bupati Siak" in card.text
    assert card.one(".pass svg.qr")
    (code,) = guests.rows(Pass, Pass.short_code)
    assert f"{code[:4]} {code[4:]}" in card.text  # type: ignore[index]
    picture = pages.client.get(card.link("Simpan kode sebagai gambar"))
    assert (picture.mimetype, picture.data[:4]) == ("image/png", b"\x89PNG")
    assert "attachment" in picture.headers["Content-Disposition"]


def test_letter_and_calendar_can_be_taken_along(pages: Pages, guests: Guests) -> None:
    pdf = pages.client.get(guests.url + "/invitation.pdf")
    assert (pdf.mimetype, pdf.data[:5]) == ("application/pdf", b"%PDF-")
    ics = pages.client.get(guests.url + "/calendar.ics")
    assert ics.mimetype == "text/calendar"
    assert f"UID:convening-{guests.convening_id.lower()}@living-lab".encode() in ics.data
    assert b"TZID=Asia/Makassar" in ics.data


def test_declining_asks_for_a_reason(either: Pages, guests: Guests) -> None:
    page = either.get(guests.url + "/decline")
    wrong = either.submit(page, status=400)
    assert wrong.all(".error-summary")
    assert guests.rows(Reply, Reply.id) == []
    done = either.submit(page, reason="other_duty", note="Rapat paripurna <b>DPRD</b>")
    assert "Bupati Siak" in done.h1 or "Regent of Siak" in done.h1
    assert guests.rows(Reply, Reply.reason) == ["other_duty"]


def test_an_office_whose_holder_is_unknown_is_asked_who_comes(
    pages: Pages, guests: Guests
) -> None:
    page = pages.submit(pages.get(guests.vacant), "/attend")
    assert page.url.endswith("/name")
    assert page.h1 == "Siapa yang hadir sebagai Wali Kota Dumai?"
    long = pages.submit(page, name="x" * 500, status=400)
    assert long.all(".field-error")
    markup = "<script>alert(1)</script> Contoh"
    done = pages.submit(page, name=markup, front_title="H.")
    assert markup in done.text
    assert "<script>alert" not in done.html


def test_handing_over_gives_the_link_to_pass_on(either: Pages, guests: Guests) -> None:
    page = either.get(guests.url + "/delegate")
    sekda = next(
        str(tag["value"]) for tag in page.all("input[name=deputy]")
        if "Syafrizal" in tag.parent.get_text()  # type: ignore[union-attr]
    )
    done = either.submit(page, deputy=sekda, may_sign="y")
    assert done.url.endswith("/delegated")
    assert "wa.me" in done.html
    again = either.get(guests.url)
    assert "Syafrizal Contoh" in again.text
    deputy = either.get(guests.deputy())
    assert "Syafrizal Contoh" in deputy.text
    card = either.get(deputy.link("kartu masuk" if either.lang == "id" else "pass"))
    assert card.one(".represent")


def test_what_is_missing_stands_beside_its_field_and_nothing_is_lost(
    pages: Pages, guests: Guests
) -> None:
    page = pages.get(guests.url + "/delegate")
    wrong = pages.submit(page, status=400)
    assert "Pilih salah satu pejabat." in wrong.text
    other = pages.submit(page, deputy="other", whatsapp="0812 1111 2222", status=400)
    assert "Tulis nama tanpa gelar." in other.text
    assert other.one("input[name=whatsapp]")["value"] == "0812 1111 2222"
    phone = pages.submit(page, deputy="other", name="Plh Contoh", whatsapp="abc", status=400)
    assert phone.one("#whatsapp-e")
    assert guests.rows(HandOver, HandOver.id) == []


def test_a_new_holder_can_be_named(pages: Pages, guests: Guests) -> None:
    page = pages.get(guests.url + "/delegate")
    plh = next(
        str(o["value"]) for o in page.all("select[name=post] option")
        if "Plh. Sekretaris Daerah" in o.get_text())
    pages.submit(page, deputy="other", post=plh, name="Baru Contoh", front_title="Drs.")
    assert guests.rows(HandOver, HandOver.post) == ["Plh. Sekretaris Daerah Kabupaten Siak"]
    assert "Drs. Baru Contoh" in pages.get(guests.url).text


def choose(page: Page, name: str) -> str:
    """The value of the deputy whose holder is called so."""
    return next(
        str(tag["value"]) for tag in page.all("input[name=deputy]")
        if name in tag.parent.get_text())  # type: ignore[union-attr]


def hand_over(pages: Pages, url: str, name: str = "Syafrizal", **more: str) -> Page:
    page = pages.get(url + "/delegate")
    return pages.submit(page, deputy=choose(page, name), **more)


def test_the_deputy_may_pass_it_on_once_but_not_more_than_was_given(
    pages: Pages, guests: Guests
) -> None:
    hand_over(pages, guests.url)
    deputy = guests.deputy()
    form = pages.get(deputy + "/delegate")
    assert "Tidak diberikan kepada Bapak/Ibu" in form.text
    assert not form.all("input[name=may_sign]")
    done = pages.submit(form, deputy=choose(form, "Budi"))
    assert "Kepala Dinas" in done.h1
    last = guests.deputy()
    assert pages.get(last + "/delegate").url == last
    assert "Budi Contoh" in pages.get(deputy).text
    assert "Budi Contoh" in pages.get(guests.url).text


def test_revoking_ends_the_pass_and_the_former_link_says_who_comes(
    pages: Pages, guests: Guests
) -> None:
    hand_over(pages, guests.url)
    deputy = guests.deputy()
    card = pages.get(deputy).link("Buka kartu masuk")
    back = pages.submit(pages.get(guests.url), "/revoke")
    assert back.h1 == "Yth. Bupati Siak"
    pages.submit(back, "/attend")
    assert pages.get(card).h1 == "Kartu ini sudah tidak berlaku"
    former = pages.get(deputy)
    assert former.h1 == "Penunjukan ini sudah dicabut"
    assert "Rahmat Contoh" in former.text


def test_a_deputy_may_give_the_seat_back(pages: Pages, guests: Guests) -> None:
    hand_over(pages, guests.url)
    page = pages.get(guests.deputy())
    pages.submit(page, "/revoke")
    assert pages.get(guests.url).h1 == "Yth. Bupati Siak"


def test_the_surat_tugas_may_follow_and_is_judged_by_its_bytes(
    pages: Pages, guests: Guests
) -> None:
    hand_over(pages, guests.url, may_sign="y")
    assert "Surat tugas belum diterima" in pages.get(guests.url).text
    page = pages.get(guests.url + "/letter")
    pages.submit(page, status=400)
    wrong = pages.submit(page, status=400, letter=(io.BytesIO(b"MZ..."), "surat.pdf"))  # type: ignore[arg-type]
    assert "Jenis berkas ini tidak diterima" in wrong.text
    done = pages.submit(page, letter=(io.BytesIO(PDF), "surat.pdf"))  # type: ignore[arg-type]
    assert "menunggu diperiksa panitia" in done.text
    (given,) = guests.rows(HandOver, HandOver.letter_sha256)
    pages.submit(page, letter=(io.BytesIO(photo()), "IMG_20221120.jpg"))  # type: ignore[arg-type]
    (better,) = guests.rows(HandOver, HandOver.letter_sha256)
    assert better != given
    with guests.app.app_context():
        assert PLACE not in FileStore(settings().files_dir).get(better)


def test_or_a_code_to_the_office_lets_the_deputy_sign(pages: Pages, guests: Guests) -> None:
    hand_over(pages, guests.url, may_sign="y")
    page = pages.get(guests.url + "/mandate")
    page = pages.post(guests.url + "/mandate", {"send": "1"})
    assert "surel resmi Bupati Siak" in page.text
    (challenge_id,) = guests.rows(Challenge, Challenge.id)
    assert guests.rows(Message, Message.kind).count("code") == 1
    with guests.app.app_context():
        code = Codes(keys().code).code(str(challenge_id))
    wrong = "000000" if code != "000000" else "111111"
    assert "Kode belum cocok" in pages.submit(
        page, ".flow-4", status=400, code=wrong).text
    done = pages.submit(page, ".flow-4", code=f"{code[:3]} {code[3:]}")
    assert "sudah berlaku" in done.text
    assert guests.rows(SignMandate, SignMandate.by) == ["code"]


def test_unknown_damaged_and_revoked_links_are_one_page(pages: Pages, guests: Guests) -> None:
    with guests.app.app_context():
        unknown = "/u/" + Links(keys().link).make("invitation", "NOSUCHINVITATION", 1)
    revoked = guests.url
    guests.in_unit(
        lambda s: invitations.withdraw(s, guests.invitation_id, ORGANISER, utc_now()))
    seen = {
        re.sub(r'csrf[^>]*value="[^"]*"|lang=\w+|href="/u/[^"]*"', "", pages.get(url, 404).html)
        for url in (revoked, unknown, guests.vacant[:-3] + "xyz", "/u/x", "/u/a.b.c",
                    "/u/pass/" + unknown[3:], "/u/" + "9" * 3000)
    }
    assert len(seen) == 1
    for path in ("/delegate", "/decline", "/letter", "/calendar.ics", "/invitation.pdf"):
        assert pages.client.get(revoked + path).status_code == 404


def test_after_the_deadline_the_page_says_who_can_still_record_it(
    either: Pages, late_guests: Guests
) -> None:
    page = either.get(late_guests.url)
    assert page.h1 in ("Batas waktu menjawab sudah lewat", "The deadline for replies has passed")
    assert "wa.me" in page.html
    late = either.post(late_guests.url + "/attend", {})
    assert late.h1 == page.h1
    assert late_guests.rows(Reply, Reply.id) == []
    either.submit(either.get(late_guests.url + "/decline"), reason="ill")
    assert late_guests.rows(Reply, Reply.late) == [True]


def test_in_person_only_offers_two_answers_and_says_why(app: Flask, either: Pages) -> None:
    guests = Guests(app, policy="in_person_only")
    page = either.get(guests.url)
    assert not [a for a in page.all("a[href]") if str(a["href"]).endswith("/delegate")]
    assert either.get(guests.url + "/delegate").url == guests.url


def test_a_new_time_asks_again_with_the_old_one_struck(either: Pages, guests: Guests) -> None:
    import dataclasses

    from cohorts.convenings import convening

    either.submit(either.get(guests.url), "/attend")

    def move(session: object) -> None:
        found = convening.get(session, guests.convening_id)  # type: ignore[arg-type]
        wanted = dataclasses.replace(
            convening.as_planned(found), starts_at=found.starts_at + dt.timedelta(minutes=90),
            venue="Hotel lain")
        convening.edit(session, found.id, wanted, found.version, ORGANISER, utc_now())  # type: ignore[arg-type]

    guests.in_unit(move)
    page = either.get(guests.url)
    assert len(page.all("del.was")) == 2
    either.submit(page, "/attend")
    assert guests.rows(Reply, Reply.schedule) == [1, 2]


def test_a_cancelled_convening_says_so_and_takes_no_answer(either: Pages, guests: Guests) -> None:
    from cohorts.convenings import _turning, convening

    guests.in_unit(lambda s: _turning.set_cancelled(
        s, convening.get(s, guests.convening_id), "Banjir", ORGANISER, utc_now()))
    page = either.get(guests.url)
    assert page.h1 in ("Acara ini dibatalkan", "This event is cancelled")
    assert either.get(guests.url + "/decline").h1 == page.h1


def test_a_link_that_is_pressed_too_often_waits(pages: Pages, guests: Guests) -> None:
    from app.participant import opening

    token = pages.token()
    answers = [
        pages.client.post(guests.url + "/attend", data={"csrf_token": token}).status_code
        for _ in range(opening.ANSWERS_EACH + 1)
    ]
    assert answers[-2:] == [302, 429]


def test_a_lost_link_has_one_answer(either: Pages, guests: Guests) -> None:
    form = either.get("/lost-link")
    seen = {
        either.submit(form, email=address).text
        for address in ("bupati.14.08@contoh.example", "lain@contoh.example")
    }
    assert len(seen) == 1
    assert guests.rows(Message, Message.kind).count("link_again") == 1
    either.submit(form, status=400)


def test_an_organiser_on_behalf_is_seen_by_the_guest(pages: Pages, guests: Guests) -> None:
    guests.in_unit(lambda s: seats.attend(s, guests.seat_id, ORGANISER, utc_now()))
    assert "sudah kami catat" in pages.get(guests.url).h1
