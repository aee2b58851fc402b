"""The pages of accounts: who may what, giving a role, taking it back, inviting again."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import sqlalchemy as sa
from flask import Flask

from app.extensions import db, keys
from app.filters import utc_now
from app.mail.compose import compose
from app.unit import unit
from cohorts.directory import accounts_grants as grants
from cohorts.directory.accounts_reach import EVERYWHERE, Place
from cohorts.directory.tables import User
from cohorts.ground.access import COMMAND
from cohorts.ground.links import Links
from cohorts.ground.outbox import Message
from tests.build.convenings import a_convening
from tests.build.programme import a_cohort
from tests.web.pages import Page, Pages


@pytest.fixture
def kept(app: Flask) -> dict[str, str]:
    """Two cohorts, one with a convening, by their ids."""
    with app.app_context(), unit() as session:
        one, two = a_cohort(session, "satu"), a_cohort(session, "dua")
        return {"one": one.id, "two": two.id, "convening": a_convening(session, one).id}


def given(app: Flask, role: str, place: Place, email: str, name: str = "Budi Contoh") -> str:
    """Somebody invited an hour ago; the account's id."""
    with app.app_context(), unit() as session:
        return grants.invite(
            session,
            email=email,
            name=name,
            role=role,
            place=place,
            actor=COMMAND,
            now=utc_now() - dt.timedelta(hours=1),
        ).id


def invite(reader: Pages, place: str, status: int = 200, **more: str) -> Page:
    fields = {"email": "budi@contoh.example", "name": "Budi Contoh", "role": "door_officer"}
    return reader.submit(
        reader.get("/o/accounts/new"), status=status, place=place, **{**fields, **more}
    )


def test_the_page_says_who_may_what_where_and_since_when(
    staff: Pages, kept: dict[str, str]
) -> None:
    after = invite(staff, f"convening:{kept['convening']}", until="2099-03-01")
    assert after.h1 == "Budi Contoh"
    assert "Menunggu: tautan terkirim" in after.text
    page = staff.get("/o/accounts")
    assert page.h1 == "Siapa boleh apa"
    row = next(r for r in page.lines("tbody tr") if "Budi" in r)
    for word in (
        "budi@contoh.example",
        "Petugas pintu",
        "Pertemuan ke-1, Kohort satu",
        "1 Mar 2099",
        "Menunggu: tautan terkirim",
    ):
        assert word in row
    english = staff.in_language("en").get("/o/accounts")
    assert english.h1 == "Who may what"
    assert "Door staff" in english.text


def test_the_mailed_link_sets_the_password(
    app: Flask, staff: Pages, pages: Pages, kept: dict[str, str]
) -> None:
    invite(staff, f"cohort:{kept['one']}", role="organizer")
    with app.app_context():
        message = db.session.scalars(sa.select(Message)).one()
        assert (message.kind, message.address) == ("password_link", "budi@contoh.example")
        token = Links(keys().link).make("password", message.subject_id, message.facts["generation"])
        assert "selama 1 minggu" in compose(db.session(), message, utc_now()).text
    page = pages.get(f"/auth/set-password/{token}")
    assert "Budi Contoh" in page.text
    pages.submit(page, password="kuda laut biru tua")
    assert "Kata sandi sudah diatur" in staff.get("/o/accounts").text


def test_a_mentor_gets_a_region_and_a_known_person_a_second_role(
    app: Flask, staff: Pages, kept: dict[str, str]
) -> None:
    wrong = invite(staff, "region", role="mentor", status=400)
    assert "Tulis daerah yang diperiksa." in wrong.text
    one = invite(staff, "region", role="mentor", region="Kab. Siak", own_region="Kab. Sumedang")
    assert "Kabupaten Siak" in one.text
    assert "Kabupaten Sumedang" in one.text
    again = staff.get(f"/o/accounts/new?account={one.url.rsplit('/', 1)[1]}")
    assert again.one("#email")["value"] == "budi@contoh.example"
    after = staff.submit(again, role="auditor", place="all:")
    assert len(after.all("tbody tr")) == 2
    with app.app_context():
        assert len(list(db.session.scalars(sa.select(User)))) == 2


def test_what_is_refused_stands_beside_the_form_and_nothing_is_lost(
    staff: Pages, kept: dict[str, str]
) -> None:
    wrong = invite(staff, "all:", role="admin", until="2001-01-01", status=400)
    assert "Tanggal akhir sudah lewat" in wrong.text
    assert wrong.one("#email")["value"] == "budi@contoh.example"
    wrong = invite(staff, f"convening:{kept['convening']}", role="mentor", status=400)
    assert "Peran ini tidak berlaku di tempat tersebut" in wrong.text


def test_a_role_is_revoked_and_stays_on_the_persons_page(
    app: Flask, staff: Pages, kept: dict[str, str]
) -> None:
    ident = given(app, "auditor", Place("cohort", kept["one"]), "budi@contoh.example")
    revokes = staff.get("/o/accounts").all("form[action$='/revoke']")
    assert len(revokes) == 2, "the administrator's own role and the new one"
    after = staff.submit(staff.get(f"/o/accounts/{ident}"), "/revoke")
    assert "Peran dicabut." in after.text
    assert "Tanpa peran" in after.text
    assert re.search(r"berakhir \d", staff.get(f"/o/accounts/{ident}").text)


def test_the_last_organiser_of_a_cohort_is_not_removed(
    app: Flask, staff: Pages, kept: dict[str, str]
) -> None:
    ident = given(app, "organizer", Place("cohort", kept["one"]), "budi@contoh.example")
    page = staff.get(f"/o/accounts/{ident}")
    for act in ("/revoke", "/close"):
        told = staff.submit(page, act, status=409)
        assert told.h1 == "Ini akun sekretariat yang terakhir"
    assert "tanpa batas" in staff.get(f"/o/accounts/{ident}").text


def test_an_invitation_is_sent_again_and_an_account_closed(
    app: Flask, staff: Pages, kept: dict[str, str]
) -> None:
    ident = given(app, "minute_taker", EVERYWHERE, "budi@contoh.example")
    page = staff.get(f"/o/accounts/{ident}")
    after = staff.submit(page, "/invite")
    assert "Tautan baru dikirim." in after.text
    assert staff.submit(after, "/invite", status=429).h1 == "Tautannya baru saja dikirim"
    closed = staff.submit(after, "/close")
    assert "Akun ditutup." in closed.text
    assert not staff.get(f"/o/accounts/{ident}").all("form[action$='/invite']")


def test_who_organises_one_cohort_sees_and_gives_only_there(
    app: Flask, pages: Pages, kept: dict[str, str]
) -> None:
    own = given(app, "auditor", Place("cohort", kept["one"]), "a@contoh.example", "Ani Contoh")
    strange = given(app, "auditor", Place("cohort", kept["two"]), "b@contoh.example", "Beni Contoh")
    reader = pages.signed_in("organizer", "cohort", kept["one"])
    page = reader.get("/o/accounts")
    assert "Ani Contoh" in page.text
    assert "Beni Contoh" not in page.text
    assert reader.get(f"/o/accounts/{own}").h1 == "Ani Contoh"
    reader.get(f"/o/accounts/{strange}", status=404)
    reader.get(f"/o/accounts/new?account={strange}", status=404)
    form = reader.get("/o/accounts/new")
    assert [o["value"] for o in form.all("#place option")] == [
        f"cohort:{kept['one']}",
        f"convening:{kept['convening']}",
    ]
    assert "admin" not in [i["value"] for i in form.all("input[name=role]")]


def test_an_auditor_reads_and_others_stay_out(
    app: Flask, pages: Pages, kept: dict[str, str]
) -> None:
    given(app, "minute_taker", Place("cohort", kept["one"]), "a@contoh.example", "Ani Contoh")
    auditor = pages.signed_in("auditor")
    page = auditor.get("/o/accounts")
    assert "Ani Contoh" in page.text
    assert not page.all("form[action$='/revoke']")
    auditor.get("/o/accounts/new", status=403)
    for role in ("mentor", "door_officer", "minute_taker"):
        pages.signed_in(role).get("/o/accounts", status=403)


def test_the_queries_do_not_grow_with_the_accounts(
    app: Flask, staff: Pages, kept: dict[str, str]
) -> None:
    counted: list[str] = []

    def count() -> int:
        with app.app_context():
            engine = db.engine
        listen = (engine, "before_cursor_execute", lambda *a: counted.append(a[2]))
        counted.clear()
        sa.event.listen(*listen)
        staff.get("/o/accounts")
        sa.event.remove(*listen)
        return len(counted)

    given(app, "auditor", Place("cohort", kept["one"]), "first@contoh.example")
    few = count()
    for n in range(30):
        given(app, "mentor", Place("region", "14.08"), f"m{n}@contoh.example", f"Mentor {n}")
    assert count() == few
