"""What the house does around every page: language, errors, guard, logs, proxies."""

from __future__ import annotations

import pytest
from flask import Flask

from app.guard import actor, needs, open_to, where
from app.logs import safe_path
from app.security import trust_proxies
from cohorts.ground.refusal import Refusal
from tests.web.pages import PageError, Pages


def test_the_switch_is_remembered_and_keeps_the_address(app: Flask) -> None:
    reader = Pages(app)
    reader.client.delete_cookie("lang")
    assert reader.get("/auth/sign-in?next=/o/mail").h1 == "Masuk"
    switch = reader.get("/auth/sign-in?next=/o/mail").one(".lang a")["href"]
    assert switch == "/auth/sign-in?next=%2Fo%2Fmail&lang=en"
    reader.lang = "en"
    assert reader.get(str(switch)).h1 == "Sign in"
    assert reader.get("/auth/sign-in").h1 == "Sign in"


def test_indonesian_is_spoken_until_the_reader_switches(app: Flask) -> None:
    client = app.test_client()
    for header in ("en-GB,en;q=0.9", "id", "de,fr;q=0.5", ""):
        answer = client.get("/auth/sign-in", headers={"Accept-Language": header})
        assert '<html lang="id">' in answer.text, header
        assert not [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("lang=")]


def test_an_unknown_language_is_ignored(pages: Pages) -> None:
    assert pages.get("/auth/sign-in?lang=xx").h1 == "Masuk"


def test_an_unknown_address_is_a_plain_page_in_the_readers_language(either: Pages) -> None:
    words = {"id": "Halaman ini tidak ada", "en": "There is no such page"}
    assert either.get("/no-such-page", status=404).h1 == words[either.lang]


@pytest.mark.postgres
def test_a_nul_is_refused_wherever_it_stands(app: Flask, pages: Pages) -> None:
    pages.get("/v/%00", status=400)
    pages.get("/auth/sign-in?next=%00", status=400)
    page = pages.post("/auth/forgot", {"email": "a\x00@contoh.example"}, status=400)
    assert page.h1 == "Permintaan ini tidak dapat dibaca"


@pytest.mark.postgres
def test_numbers_and_names_beyond_all_measure_are_simply_not_found(pages: Pages) -> None:
    staff = pages.signed_in()
    staff.get("/o/mail/99999999999999999999999", status=404)
    staff.get("/o/mail/9223372036854775807", status=404)
    staff.get("/o/mail?page=99999999999999999999999")
    staff.get("/o/mail?q=" + "a" * 500)
    pages.get("/c/" + "a" * 2000, status=404)
    pages.get("/auth/set-password/" + "A" * 3000, status=404)


def test_a_refusal_becomes_a_page_or_json(app: Flask, pages: Pages) -> None:
    @app.get("/refuse")
    @open_to("public")
    def refuse() -> str:
        raise Refusal("ground.too_many", retry_after=60)

    page = pages.get("/refuse", status=429)
    assert page.h1 == "Terlalu banyak percobaan"
    assert page.response.headers["Retry-After"] == "60"
    answer = pages.client.get("/refuse", headers={"Accept": "application/json"})
    assert answer.json is not None
    assert answer.json["code"] == "ground.too_many"


def test_a_refusal_nobody_has_put_into_words_is_still_a_page(app: Flask, pages: Pages) -> None:
    @app.get("/refuse")
    @open_to("public")
    def refuse() -> str:
        raise Refusal("nowhere.unknown", title="x")

    assert pages.get("/refuse", status=409).h1 == "Ini tidak dapat dilakukan"


def test_what_nobody_foresaw_is_told_plainly_and_without_its_insides(app: Flask) -> None:
    app.testing = False

    @app.get("/break")
    @open_to("public")
    def fail() -> str:
        raise RuntimeError("secret detail")

    answer = app.test_client().get("/break")
    assert answer.status_code == 500
    assert "Ada yang keliru di pihak kami" in answer.text
    assert "secret detail" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_who_has_no_right_is_told_so(app: Flask, pages: Pages) -> None:
    @app.get("/o/only-editors/<cohort_id>")
    @needs("cohort.edit")
    def edit(cohort_id: str) -> str:
        return f"<h1>{actor().id}</h1>"

    auditor = pages.signed_in("auditor")
    page = auditor.get("/o/only-editors/X", status=403)
    assert page.h1 == "Anda tidak berwenang melakukan ini"
    other = pages.signed_in("organizer", scope="cohort", scope_id="ELSEWHERE")
    other.get("/o/only-editors/X", status=403)
    own = pages.signed_in("organizer", scope="cohort", scope_id="X")
    assert own.client.get("/o/only-editors/X").status_code == 200


def test_the_place_is_read_from_the_address(app: Flask) -> None:
    with app.test_request_context("/"):
        place = where({"cohort_id": "C", "item_id": "I"})
        assert (place.cohort_id, place.convening_id) == ("C", None)


def test_a_file_larger_than_allowed_is_refused_in_words(app: Flask, pages: Pages) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = pages.client.post("/auth/forgot", data={"email": "x" * 2000})
    assert answer.status_code == 413
    assert "Berkas terlalu besar" in answer.text


@pytest.mark.parametrize(("path", "written"), [
    ("/u/ABCDEFGH12345678.1.abcdefghijklmnopqrstuv", "/u/…"),
    ("/u/ABCDEFGH12345678.1.abcdefghijklmnopqrstuv/delegate", "/u/…/delegate"),
    ("/u/pass/ABCDEFGH12345678.1.abcdefghijklmnopqrstuv", "/u/pass/…"),
    ("/s/cut-off-TOKEN123", "/s/…"),
    ("/auth/set-password/ABCDEFGH12345678.12.abcdefghijklmnopqrstuv", "/auth/set-password/…"),
    ("/o/mail/12", "/o/mail/12"),
    ("/v/0147-9F2C", "/v/0147-9F2C"),
])
def test_logs_hold_no_link(path: str, written: str) -> None:
    assert safe_path(path) == written


def test_forwarded_addresses_are_believed_from_trusted_proxies_only(app: Flask) -> None:
    from flask import request

    @app.get("/who")
    @open_to("public")
    def who() -> str:
        return f"{request.remote_addr} {request.scheme}"

    trust_proxies(app, ("10.0.0.0/8",))
    headers = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    client = app.test_client()
    near = client.get("/who", headers=headers, environ_base={"REMOTE_ADDR": "10.1.2.3"})
    far = client.get("/who", headers=headers, environ_base={"REMOTE_ADDR": "198.51.100.7"})
    assert near.text == "203.0.113.9 https"
    assert far.text == "198.51.100.7 http"


@pytest.mark.parametrize(("body", "complaint"), [
    ("<main><h1>A</h1><h1>B</h1></main>", "2 h1"),
    ("<main><h1>A</h1><p style='x'>x</p></main>", "inline style"),
    ("<main><h1>A</h1><input name='q'></main>", "no label"),
    ("<main><h1>A</h1><form method='post'></form></main>", "no CSRF"),
    ("<main><h1>A</h1><i id='a'></i><i id='a'></i></main>", "used twice"),
    ("<main><h1>A</h1><a href='https://cdn.example/'>x</a></main>", "another host"),
    ("<main><h1>A</h1><p>Sign out</p></main>", "other language"),
    ("<main><h1>A</h1><p>%(n)s</p></main>", "unfilled"),
    ("<main><h1>A</h1><button></button></main>", "nameless"),
    ("<main><h1>A</h1><p>x</main>", ""),
    ("<main><h1>A</h1><div></p></div></main>", "HTML"),
    ("<main><h1>A</h1><script>x</script></main>", "inline script"),
    ("<main><h1>A</h1><a href='#gone'>x</a></main>", "leads nowhere"),
])
def test_the_checks_of_pages_catch_what_they_say(app: Flask, pages: Pages, body: str,
                                                 complaint: str) -> None:
    @app.get("/page")
    @open_to("public")
    def page() -> str:
        return (f'<!doctype html><html lang="id"><head><title>T</title></head>'
                f"<body>{body}</body></html>")

    if not complaint:
        pages.get("/page")
        return
    with pytest.raises(PageError, match=complaint):
        pages.get("/page")


def test_a_room_has_the_last_word_in_its_own_pages(app: Flask) -> None:
    from flask_babel import force_locale, gettext

    from app.language import in_room

    with app.test_request_context("/auth/sign-in"), force_locale("en"):
        here = gettext("Keluar")
        assert here == "Sign out"
        with in_room("organizer"):
            assert gettext("Pesan") == "Messages"
            assert gettext("Belum mulai") == "Not started", "what is shared is known everywhere"
        assert gettext("Keluar") == here
