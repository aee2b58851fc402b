"""Signing in, out, and setting a password."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from flask import Flask

from app.auth.passwords import argon2_hasher
from app.extensions import db, keys
from app.filters import utc_now
from app.unit import unit
from cohorts.directory import accounts
from cohorts.directory.tables import User
from cohorts.ground.access import COMMAND
from cohorts.ground.links import Links
from cohorts.ground.outbox import Message
from tests.web.pages import Pages

PASSWORD = "kuda laut biru muda"


@pytest.fixture
def rina(app: Flask) -> str:
    """An organiser with a password; returns the address."""
    with app.app_context(), unit() as session:
        user = accounts.add_organizer(
            session, "Rina@contoh.example", "Rina Contoh", COMMAND, utc_now(),
            password_hash=argon2_hasher.hash(PASSWORD))
        return user.email


def link(app: Flask, email: str) -> str:
    with app.app_context():
        user = db.session.scalar(db.select(User).where(User.email == email))
        assert user is not None
        return Links(keys().link).make("password", user.id, user.password_generation)


@pytest.mark.postgres
def test_the_right_password_opens_the_page_that_was_asked_for(pages: Pages, rina: str) -> None:
    page = pages.get("/o/mail")
    assert page.h1 == "Masuk"
    page = pages.submit(page, email=" RINA@contoh.example ", password=PASSWORD)
    assert page.url == "/o/mail"


def test_every_page_of_signing_in_speaks_both_languages(either: Pages, app: Flask,
                                                         rina: str) -> None:
    words = {"id": "Masuk", "en": "Sign in"}
    assert either.get("/auth/sign-in").h1 == words[either.lang]
    either.get("/auth/forgot?asked=yes")
    either.get("/auth/forgot")
    either.get(f"/auth/set-password/{link(app, rina)}")
    either.get("/auth/set-password/unknown", status=404)
    either.submit(either.get("/auth/sign-in"), status=400)


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(pages: Pages,
                                                                      rina: str) -> None:
    form = pages.get("/auth/sign-in")
    wrong = pages.submit(form, status=400, email=rina, password="x")
    unknown = pages.submit(form, status=400, email="nobody@contoh.example", password="x")
    said = "Surel atau kata sandi tidak cocok."
    assert said in wrong.lines(".field-error")[0]
    assert wrong.lines(".field-error") == unknown.lines(".field-error")


@pytest.mark.postgres
def test_five_wrong_passwords_close_the_account_for_a_while(pages: Pages, rina: str) -> None:
    form = pages.get("/auth/sign-in")
    for _ in range(5):
        pages.submit(form, status=400, email=rina, password="x")
    page = pages.submit(form, status=429, email=rina, password=PASSWORD)
    assert "Terlalu banyak percobaan" in page.text
    other = pages.submit(form, status=400, email="other@contoh.example", password="x")
    assert "tidak cocok" in other.text


def test_signing_in_forgets_the_tries_before_it(pages: Pages, rina: str) -> None:
    form = pages.get("/auth/sign-in")
    for _ in range(3):
        pages.submit(form, status=400, email=rina, password="x")
    pages.submit(form, email=rina, password=PASSWORD)
    page = pages.post("/auth/sign-out")
    for _ in range(4):
        page = pages.submit(pages.get("/auth/sign-in"), status=400, email=rina, password="x")
    assert "tidak cocok" in page.text


def test_only_a_page_of_ours_can_be_the_next_one(pages: Pages, rina: str) -> None:
    for target in ("//evil.example", "https://evil.example", "/\\evil.example", "evil"):
        page = pages.get(f"/auth/sign-in?next={target}")
        answer = pages.client.post(f"/auth/sign-in?next={target}", data={
            "csrf_token": page.form().select_one("[name=csrf_token]")["value"],
            "email": rina, "password": PASSWORD})
        assert answer.headers["Location"] == "/o/"
        pages.post("/auth/sign-out")


def test_signing_out_needs_a_click(pages: Pages, rina: str) -> None:
    pages.submit(pages.get("/auth/sign-in"), email=rina, password=PASSWORD)
    assert pages.client.get("/auth/sign-out").status_code == 405
    account = pages.get("/auth/account")
    assert "Administrator, semua kohort" in account.text
    page = pages.submit(account, "/sign-out")
    assert page.h1 == "Masuk"
    assert pages.get("/o/mail").url == "/auth/sign-in"


def test_asking_for_a_link_says_the_same_for_any_address(pages: Pages, app: Flask,
                                                          rina: str) -> None:
    known = pages.submit(pages.get("/auth/forgot"), email=rina)
    unknown = pages.submit(pages.get("/auth/forgot"), email="nobody@contoh.example")
    assert known.text == unknown.text
    with app.app_context():
        posted = list(db.session.scalars(db.select(Message)))
    assert [m.address for m in posted] == [rina]
    assert "." not in str(posted[0].facts), "the link itself is never stored"


@pytest.mark.postgres
def test_a_link_sets_the_password_once_and_ends_open_sessions(pages: Pages, app: Flask,
                                                               rina: str) -> None:
    pages.submit(pages.get("/auth/sign-in"), email=rina, password=PASSWORD)
    address = f"/auth/set-password/{link(app, rina)}"
    other = Pages(app)
    other.get(address)
    other.get(address)  # opening it uses nothing up
    page = other.submit(other.get(address), password="pinisi berlayar malam")
    assert "Kata sandi tersimpan" in page.text
    other.get(address, status=404)
    assert pages.get("/o/mail").url == "/auth/sign-in"
    other.submit(other.get("/auth/sign-in"), email=rina, password="pinisi berlayar malam")


def test_a_guessable_password_is_refused_beside_its_field(pages: Pages, app: Flask,
                                                          rina: str) -> None:
    address = f"/auth/set-password/{link(app, rina)}"
    for password in ("pendek", "aaaaaaaaaaaaaaa", rina):
        page = pages.submit(pages.get(address), status=400, password=password)
        assert page.lines(".field-error")


def test_a_newer_link_replaces_the_older(pages: Pages, app: Flask, rina: str) -> None:
    older = link(app, rina)
    pages.submit(pages.get("/auth/forgot"), email=rina)
    pages.get(f"/auth/set-password/{older}", status=404)
    pages.get(f"/auth/set-password/{link(app, rina)}")


def test_an_unknown_and_a_used_link_get_the_same_page(pages: Pages, app: Flask,
                                                      rina: str) -> None:
    used = link(app, rina)
    pages.submit(pages.get(f"/auth/set-password/{used}"), password="pinisi berlayar malam")
    pages_seen = [pages.get(f"/auth/set-password/{t}", status=404).html
                  for t in (used, "ABC", "AAAAAAAAAAAAAAAA.1." + "x" * 22)]
    plain = [re.sub(r"/auth/set-password/[^\"?]+", "", html) for html in pages_seen]
    assert plain[0] == plain[1] == plain[2]


def test_a_form_without_its_token_changes_nothing(pages: Pages, rina: str) -> None:
    page = pages.post("/auth/sign-in", {"email": rina, "password": PASSWORD, "csrf_token": "x"},
                      status=400)
    assert page.h1 == "Halaman ini terlalu lama terbuka"


def test_sample_accounts_are_refused_on_a_public_address(app: Flask, pages: Pages) -> None:
    with app.app_context(), unit() as session:
        accounts.add_organizer(
            session, "contoh@contoh.example", "Contoh", COMMAND, utc_now(), sample=True,
            password_hash=argon2_hasher.hash(PASSWORD))
    object.__setattr__(app.extensions["settings"], "base_url", "https://lab.example.go.id")
    form = pages.get("/auth/sign-in")
    page = pages.submit(form, status=400, email="contoh@contoh.example", password=PASSWORD)
    assert "tidak cocok" in page.text


def test_a_session_ends_after_its_hours(pages: Pages, rina: str) -> None:
    pages.submit(pages.get("/auth/sign-in"), email=rina, password=PASSWORD)
    now = utc_now()
    with time_machine.travel(now + dt.timedelta(hours=11), tick=False):
        assert pages.get("/o/mail").url == "/o/mail"
    with time_machine.travel(now + dt.timedelta(hours=13), tick=False):
        assert pages.get("/o/mail").url == "/auth/sign-in"
