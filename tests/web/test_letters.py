"""Letterhead, letter, texts: from the kop to all letters as one file, as an organiser does it."""

from __future__ import annotations

import datetime as dt
import io
import os
import zipfile
from email import message_from_bytes, policy
from urllib.parse import unquote

import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import Image
from pypdf import PdfReader

from app import worker
from app.extensions import db, settings
from app.filters import utc_now
from app.invitation_texts import invitation_link
from app.unit import unit
from cohorts.convenings.letter_tables import LetterRun
from cohorts.convenings.tables import Convening
from cohorts.directory.tables import Organisation, User
from cohorts.ground.files import ORPHAN_AGE
from cohorts.ground.outbox import Message
from tests.build import convenings as build
from tests.web.pages import Pages

Scene = tuple[str, str, str]


@pytest.fixture
def scene(app: Flask) -> Scene:
    """The convening, the invitation of Siak, and Siak's organisation."""
    with app.app_context():
        with unit() as session:
            now = utc_now()
            days = (now.date() - build.START.date()).days + 20
            made = build.an_invited_head(session, now=now - dt.timedelta(hours=1), days=days)
            own = session.scalars(
                sa.select(Organisation.id).where(Organisation.region_code == build.SIAK)).one()
            ids = (made.convening.id, made.invitation.id, own)
        db.session.remove()
    return ids


def picture(colour: str = "red") -> tuple[io.BytesIO, str]:
    out = io.BytesIO()
    Image.new("RGB", (200, 240), colour).save(out, "PNG")
    out.seek(0)
    return out, "lambang.png"


def text(data: bytes) -> str:
    return " ".join(
        " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


def test_from_the_kop_to_all_letters_as_one_file(
    app: Flask, scene: Scene, staff: Pages
) -> None:
    convening, siak, own = scene
    page = staff.get("/o/letterheads?q=siak")
    assert "Belum ada kop surat" not in page.text
    kop = staff.get(page.link("Siak"))
    assert "Garuda" in kop.text, "said beside the field"
    refused = staff.submit(
        kop, names="Pemerintah Kabupaten Siak\nDinas Kominfo",
        emblem=(io.BytesIO(b"GIF89a"), "x.png"), status=400)
    assert "bukan gambar PNG atau JPEG" in refused.text
    listed = staff.submit(refused, emblem=picture())
    assert "Dinas Kominfo" in listed.text
    assert "dengan lambang" in listed.text
    shown = staff.client.get(f"/o/letterheads/{own}/emblem")
    assert shown.mimetype == "image/png"

    here = f"/o/convenings/{convening}/letter"
    page = staff.get(here)
    wrong = staff.submit(page, here, opening="Yth. {jabatn},", status=400)
    assert "{jabatn}" in wrong.one("#opening-e").get_text()
    assert "{jabatan}, {daerah}" in wrong.one("#opening-e").get_text()
    saved = staff.submit(
        wrong, here, organisation_id=own, opening="Kepada {jabatan} dari {daerah}.",
        numbering="each", unit="KOMINFO", first_number="2291", place="Siak", security="Penting",
        signer_office="a.n. Bupati Siak\nSekretaris Daerah", signer_name="Syafrizal Contoh",
        signer_nip="19700101 199001 1 001", copies="Gubernur Riau")
    for said in ("005/2291/KOMINFO", "menunggu", "PEMERINTAH KABUPATEN SIAK", "Penting"):
        assert said in saved.text
    numbered = staff.submit(saved, "/letter/numbers")
    assert "2 surat sudah bernomor" in numbered.text

    preview = staff.client.get(f"{here}/preview.pdf?guest={siak}")
    live = staff.client.get(f"/o/convenings/{convening}/guests/{siak}/letter.pdf")
    with app.app_context():
        link = invitation_link(siak, 1)
    for answer in (preview, live):
        assert "Kepada Bupati Siak dari Kabupaten Siak." in text(answer.data)
        assert "005/2292/KOMINFO/" in text(answer.data)
        assert answer.headers["Cache-Control"] == "no-store"
    assert link not in text(preview.data).replace(" ", "")
    assert link in text(live.data).replace(" ", "")
    guest = staff.client.get(f"/u/{link.rsplit('/', 1)[1]}/invitation.pdf")
    assert "005/2292/KOMINFO/" in text(guest.data)

    for form, of in (("zip", 2), ("pdf", 2)):
        page = staff.get(here)
        action = f"{here}/all"
        button = next(f for f in page.all("form") if f.get("action") == action
                      and f.select_one(f"input[value={form}]"))
        answer = staff.client.post(action, data={
            "csrf_token": button.select_one("[name=csrf_token]")["value"], "form": form})
        run = staff.get(answer.headers["Location"])
        assert run.one("progress")["max"] == "2"
        assert run.one("[data-refresh]")
        with app.app_context():
            worker.make(utc_now, quiet=True).drain()
            db.session.remove()
        done = staff.get(run.url)
        data = staff.client.get(done.link("Unduh")).data
        if form == "zip":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                assert archive.namelist() == ["001-wali-kota-dumai.pdf", "002-bupati-siak.pdf"]
                assert link in text(archive.read("002-bupati-siak.pdf")).replace(" ", "")
        else:
            assert text(data).count("Kepada ") == of
    with app.app_context():
        later = utc_now() + ORPHAN_AGE
        work = worker.make(lambda: later, quiet=True)
        for path in work.tools.files.root.glob("??/*"):
            stamp = (later - ORPHAN_AGE - dt.timedelta(seconds=1)).timestamp()
            os.utime(path, (stamp, stamp))
        work.sweep(later)
        run_row = db.session.scalars(sa.select(LetterRun)).first()
        assert run_row is not None
        assert not work.tools.files.path(run_row.file_sha256 or "").exists()
        db.session.remove()
    assert "sudah dihapus" in staff.get(done.url).text
    assert staff.client.get(f"{done.url}/file").status_code == 404
    assert staff.client.get(f"/o/letterheads/{own}/emblem").status_code == 200, "kept"


def test_a_subject_that_names_only_what_is_not_set_is_the_houses(
    app: Flask, scene: Scene, staff: Pages
) -> None:
    convening = scene[0]
    with app.app_context(), unit() as session:
        session.get_one(Convening, convening).dress = ""
        session.get_one(Convening, convening).host = "Pemilik Gedung"
    here = f"/o/convenings/{convening}/letter"
    saved = staff.submit(
        staff.get(here), here, mode="list", confirmation="Mohon jawaban.", subject="{pakaian}")
    assert "Undangan Pertemuan" in saved.text
    printed = staff.client.get(f"{here}/preview.pdf")
    assert printed.status_code == 200
    assert "Hal : Undangan Pertemuan" in text(printed.data)
    assert "pemilik gedung" not in text(printed.data).lower(), "it gave no kop"


def test_texts_are_written_in_both_languages_looked_at_and_tried_out(
    app: Flask, scene: Scene, either: Pages
) -> None:
    convening, siak, _own = scene
    staff = either.signed_in(role="organizer")
    here = f"/o/convenings/{convening}/texts"
    page = staff.get(f"{here}?guest={siak}&in=en")
    wrong = staff.submit(page, "#texts", chat_id="Yth. {jabatan}", status=400)
    assert wrong.one("#chat_id")["aria-invalid"] == "true"
    ours = "Salam <b>{jabatan}</b>\nkami mengundang ke {acara}:"
    saved = staff.submit(
        wrong, "#texts", chat_id="Hai {jabatan}: {tautan}", mail_opening_id=ours,
        mail_opening_en="Dear {jabatan}, do come:")
    assert saved.status == 200
    page = staff.get(f"{here}?guest={siak}&in=id")
    assert "Salam <b>Bupati Siak</b>" in page.text
    with app.app_context():
        link = invitation_link(siak, 1)
    assert link not in page.html, "previews hold no live link"
    staff.submit(page, "/texts/test")
    with app.app_context():
        me = db.session.scalars(sa.select(User).order_by(User.created_at.desc())).first()
        sent = db.session.scalars(
            sa.select(Message).where(Message.kind == "invitation_test")).one()
        assert me is not None
        mine = me.email
        assert sent.address == mine
        worker.make(utc_now, quiet=True).drain()
        db.session.remove()
        left = [p.read_bytes() for p in settings().outbox_dir.rglob("*.eml")]
        mails = [message_from_bytes(raw, policy=policy.default) for raw in left]
        test = [m for m in mails if "Uji kirim" in str(m["Subject"])]
        guests = [m for m in mails if "Uji kirim" not in str(m["Subject"])]
        assert len(test) == 1
        assert str(test[0]["To"]).endswith(f"<{mine}>")
        assert not [p for p in test[0].walk() if p.get_content_type() == "text/calendar"]
        body = test[0].get_body(("html",))
        assert body is not None
        html = body.get_content()
        assert "Salam &lt;b&gt;Bupati Siak&lt;/b&gt;" in html
        assert link not in html
        assert "/u/CONTOH" in html
        assert all(link not in m.as_string() for m in test)
        told = [m.get_body(("plain",)) for m in guests]
        assert any("Salam <b>Bupati Siak</b>" in b.get_content() for b in told if b)
    assert staff.client.get("/u/CONTOH").status_code == 404
    page = staff.get(f"/o/convenings/{convening}/guests/{siak}")
    chat = next(str(a["href"]) for a in page.all("a.btn-wa") if "Hai" in str(a["href"]))
    assert f"Hai Bupati Siak: {link}" in unquote(chat)


def test_who_may_not_edit_does_not_open_letters(scene: Scene, pages: Pages) -> None:
    convening, siak, own = scene
    reader = pages.signed_in(role="auditor")
    for path in (f"/o/convenings/{convening}/letter", f"/o/convenings/{convening}/texts",
                 f"/o/convenings/{convening}/letter/preview.pdf", f"/o/letterheads/{own}",
                 f"/o/convenings/{convening}/guests/{siak}/letter.pdf"):
        assert reader.client.get(path).status_code == 403
