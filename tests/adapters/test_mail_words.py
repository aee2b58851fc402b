"""Every message, in both languages: nothing missing, nothing that could run, one way to act."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jinja2
import pytest
from flask import Flask

from app.mail import compose
from app.mail.letters import KINDS

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = sorted(p.name for p in (ROOT / "templates" / "mail").iterdir() if p.is_dir())

LINK = "https://lab.example/u/7K2M9QA4XW3B5C6D.1.aaaaaaaaaaaaaaaaaaaaaa"
COMMON: dict[str, Any] = {
    "office": "Bupati Siak",
    "seat": "Operator Kabupaten Siak",
    "organisation": "Kabupaten Siak",
    "region": "Kabupaten Siak",
    "convening": "Pertemuan ke-3: Penandatanganan Komitmen Bersama",
    "cohort": "Kohort 2022",
    "day": "Senin, 21 November 2022",
    "clock": "09.00 WITA (08.00 WIB)",
    "when": "Senin, 21 November 2022 pukul 09.00 WITA (08.00 WIB)",
    "closed_at": "Senin, 21 November 2022 pukul 16.07 WITA (15.07 WIB)",
    "signed_at": "Senin, 21 November 2022 pukul 11.26 WITA (10.26 WIB)",
    "facts": [("Pukul", "09.00 WITA (08.00 WIB)"), ("Pakaian", "")],
    "reply_by": "Senin, 14 November 2022 pukul 17.00 WITA (16.00 WIB)",
    "policy": "one_level_down",
    "answer": "attending",
    "deputy": "Drs. H. Syafrizal Contoh, M.Si. (Sekretaris Daerah)",
    "rights": "hadir, berbicara",
    "rows": [("Judul", "rincian")],
    "dates": [("Senin, 21 November 2022", "pukul 09.00 s.d. 16.00 WITA (08.00 WIB)")],
    "more": 3,
    "next": "Pertemuan ke-4",
    "reason": "Bandara ditutup",
    "withdrawn": False,
    "purpose": "sign",
    "subject_title": "Komitmen Bersama",
    "code": "123456",
    "until": "11.30 WITA",
    "person": "Nama Contoh",
    "lasts": "2 jam",
    "title": "Komitmen Bersama",
    "version": "3",
    "fingerprint": "7f3a 91c2",
    "signer": "Dr. H. Rahmat Contoh, M.Si. (Bupati Siak)",
    "public_code": "7K2M9QA4-9F2C",
    "document": False,
    "number": "TL-044",
    "note": "Belum bertanggal.",
    "criterion": "Keputusan bernomor.",
    "due": "Selasa, 29 November 2022",
    "sample": True,
    "last": False,
    "moved": False,
    "to_deputy": False,
    "opening": [["Kami mengundang"], ["baris satu", "baris dua"]],
    "ending": [["Salam"]],
    "test": False,
    "announced": "Baris pertama,\nbaris kedua.\n\nBaris <b>ketiga</b> & akhir",
    "link": LINK,
    "verify_link": "https://lab.example/v/7K2M9QA4-9F2C",
}
VARIANTS: dict[str, list[dict[str, Any]]] = {
    "invitation": [
        *({"policy": p} for p in ("in_person_only", "one_level_down", "free", "assign")),
        {"test": True},
    ],
    "invitation_cancel": [{"withdrawn": True, "reason": ""}],
    "reply_receipt": [{"answer": a} for a in (
        "attending", "delegated", "declined", "waiting", "placed")],
    "reminder_reply": [{}, {"last": True}, {"moved": True}],
    "reminder_coming": [{}, {"to_deputy": True}, {"deputy": ""}],
    "announcement": [{}, {"deputy": ""}],
    "poll_reminder": [{}, {"last": True}],
    "link_again": [{"rows": [("Pertemuan ke-3", "Senin", LINK)]}],
    "code": [{"purpose": p} for p in ("sign", "mandate", "checkin")],
    "closing_digest": [{"rows": [], "more": 0, "next": ""}],
    "pledge_receipt": [{"document": True}],
    "item_returned": [{"note": ""}],
}


def contexts(folder: str) -> list[dict[str, Any]]:
    return [COMMON | v for v in VARIANTS.get(folder, [{}])]


def letter(folder: str, context: dict[str, Any]) -> compose.Letter:
    return compose.Letter(folder, context)


@pytest.fixture
def strict(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The app with templates that fail on a name nobody gave them."""
    app.jinja_env.cache = None
    monkeypatch.setattr(app.jinja_env, "undefined", jinja2.StrictUndefined)
    return app


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("folder", FOLDERS)
def test_every_message_renders_whole(strict: Flask, folder: str, lang: str) -> None:
    with strict.app_context():
        for context in contexts(folder):
            said = compose.words(letter(folder, context), lang)
            assert said.subject
            assert "\n" not in said.subject
            assert f'<html lang="{lang}">' in said.html
            for text in (said.subject, said.text, said.html):
                assert "None" not in text
                assert "{{" not in text
                assert "%(" not in text


@pytest.mark.parametrize("folder", FOLDERS)
def test_text_and_page_lead_to_the_same_place(strict: Flask, folder: str) -> None:
    with strict.app_context():
        for context in contexts(folder):
            said = compose.words(letter(folder, context), "id")
            in_text = set(re.findall(r"https?://[^\s<>]+", said.text))
            in_page = set(re.findall(r'href="([^"]+)"', said.html))
            base = {u for u in in_text if u.rstrip(".").endswith("127.0.0.1:8000")}
            assert in_page == in_text - base
            if folder not in ("code", "invitation_cancel", "poll_cancelled"):
                assert in_page


@pytest.mark.parametrize("folder", FOLDERS)
def test_markup_in_a_name_stays_words(strict: Flask, folder: str) -> None:
    evil = "<script>alert(1)</script>"
    names = (
        "office", "organisation", "deputy", "person", "title", "note", "reason", "signer",
        "announced",
    )
    with strict.app_context():
        for context in contexts(folder):
            own = {"opening": [[evil]], "ending": [[evil]]}
            given = context | dict.fromkeys(names, evil) | own
            said = compose.words(letter(folder, given), "id")
            assert "<script" not in said.html


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_message_loads_nothing_and_counts_nobody(strict: Flask, folder: str) -> None:
    with strict.app_context():
        for context in contexts(folder):
            html = compose.words(letter(folder, context), "id").html
            assert not re.search(r"<(img|script|link|iframe|style)\b|url\(|src=", html)


@pytest.mark.parametrize("folder", FOLDERS)
def test_english_is_complete(strict: Flask, folder: str) -> None:
    plain = {"Yth.", "Saudara", "Bapak/Ibu", "Tautan", "Mohon", "Dengan hormat", "sekretariat"}
    context = {"office": "X", "organisation": "Y"}
    with strict.app_context():
        for base in contexts(folder):
            said = compose.words(letter(folder, base | context), "en")
            for word in plain:
                assert word not in said.text, (folder, word)


def test_the_code_is_not_in_the_subject(strict: Flask) -> None:
    with strict.app_context():
        said = compose.words(letter("code", COMMON), "id")
    assert "123456" not in said.subject
    assert "123456" in said.text


def test_every_kind_has_its_folder_and_every_folder_its_kind() -> None:
    aliases = {"password_link", "invitation_test"}
    assert set(KINDS) - aliases == set(FOLDERS)
