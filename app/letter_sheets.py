"""The surat undangan of a convening, made ready to be typeset.

Everything that its letters share is read once (``Desk``), so that a hundred letters cost no more
queries than one. An official document: Indonesian, whoever reads the page it is taken from.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import filters, wording
from app import invitation_texts as texts
from app.adapters import emblem as pictures
from app.adapters.print import LetterSheet
from app.extensions import settings
from app.wording import Reader
from cohorts.convenings import letter, letter_numbers, sessions
from cohorts.convenings.chain import SeatState
from cohorts.convenings.letter import Terms
from cohorts.convenings.letter_tables import Letterhead
from cohorts.convenings.tables import Convening, Invitation
from cohorts.ground import braces
from cohorts.ground.clock import day_in
from cohorts.ground.files import FileStore, StoredFile

LANG = "id"
DELEGATION = {
    "in_person_only": "Mengingat pentingnya acara tersebut, dimohon kehadiran Saudara tidak "
    "diwakilkan.",
    "one_level_down": "Mengingat pentingnya acara tersebut, dimohon kehadiran Saudara; dalam hal "
    "berhalangan, dapat diwakilkan kepada pejabat satu tingkat di bawahnya yang berwenang "
    "mengambil keputusan.",
    "free": "Mengingat pentingnya acara tersebut, dimohon kehadiran Saudara; dalam hal "
    "berhalangan, dapat menugaskan pejabat yang mewakili.",
    "assign": "Sehubungan dengan itu, dimohon menugaskan pejabat atau petugas yang membidangi.",
}


@dataclass(frozen=True)
class Desk:
    """What all letters of a convening are written from."""

    convening: Convening
    terms: Terms
    letterhead: Letterhead | None
    numbers: dict[str, str]
    invited: Sequence[SeatState]
    invited_at: dict[str, dt.datetime]
    programme: Sequence[tuple[str, str, str]]
    now: dt.datetime


def desk(session: Session, convening: Convening, now: dt.datetime) -> Desk:
    """Read what the letters of a convening need."""
    terms = letter.terms(session, convening.id)
    rows = session.execute(
        sa.select(Invitation.id, Invitation.invited_at).where(
            Invitation.convening_id == convening.id))
    lines = sessions.programme(session, convening.id) if terms.with_programme else []
    zone = convening.timezone
    return Desk(
        convening=convening,
        terms=terms,
        letterhead=session.get(Letterhead, terms.organisation_id)
        if terms.organisation_id else None,
        numbers=letter_numbers.numbers(session, convening.id),
        invited=letter.addressees(session, convening.id, now),
        invited_at={row[0]: row[1] for row in rows},
        programme=[
            (
                f"{filters.hours(line.starts_at, zone, LANG)} s.d. "
                + filters.clock(
                    line.starts_at + dt.timedelta(minutes=line.minutes), zone, LANG),
                line.title_id,
                line.speaker,
            )
            for line in lines
        ],
        now=now,
    )


def to_guest(on: Desk, state: SeatState, link: str) -> LetterSheet:
    """The letter that an office gets: its own, or the one that all get."""
    if on.terms.mode == "list":
        return to_all(on)
    made = on.invited_at.get(state.invitation_id, on.now)
    number = letter_numbers.number_of(on.convening, on.terms, on.numbers, state.invitation_id)
    return _sheet(on, wording.reader_of(state, link, LANG), number, made)


def to_nobody(on: Desk, reader: Reader) -> LetterSheet:
    """The letter as an office would get it that is not invited yet."""
    if on.terms.mode == "list":
        return to_all(on)
    number = letter_numbers.number_of(on.convening, on.terms, on.numbers, None)
    return _sheet(on, reader, number, on.now)


def to_all(on: Desk) -> LetterSheet:
    """The one letter to all who are invited: no link in it, for each has one of their own."""
    number = letter_numbers.number_of(on.convening, on.terms, on.numbers, None)
    made = min(on.invited_at.values(), default=on.now)
    return _sheet(on, None, number, made)


def every(on: Desk) -> list[tuple[str, LetterSheet]]:
    """All letters with the names of their files, in the order of the list; live links in them."""
    if on.terms.mode == "list":
        return [("surat-undangan.pdf", to_all(on))]
    return [
        (
            f"{n:03d}-{_plain(state.office)}.pdf",
            to_guest(
                on, state, texts.invitation_link(state.invitation_id, state.generation)),
        )
        for n, state in enumerate(on.invited, 1)
    ]


def emblem(session: Session, on: Desk, store: FileStore) -> str:
    """The picture of the kop, empty where it shows none."""
    kept = on.letterhead.emblem_sha256 if on.letterhead else None
    row = session.get(StoredFile, kept) if kept else None
    return pictures.as_svg(store.get(row.sha256), row.media_type) if row else ""


def kop(on: Desk) -> tuple[list[str], list[str]]:
    """Names and address of the letterhead; without one, the organiser's name alone: no other body's
    name stands at the head of a letter that it did not give its kop to."""
    head = on.letterhead
    if head is None:
        return [settings().organiser_name], []
    reached = [
        f"{word} {value}".replace(" ", "\N{NO-BREAK SPACE}")
        for word, value in (("Telepon", head.phone), ("Pos-el", head.mail), ("Laman", head.site))
        if value
    ]
    contact = [line for line in (head.address, " · ".join(reached)) if line]
    return head.names.split("\n"), contact


def _sheet(on: Desk, reader: Reader | None, number: str, made: dt.datetime) -> LetterSheet:
    """A letter to one reader, or to all who are invited."""
    convening, terms, zone = on.convening, on.terms, on.convening.timezone
    names, contact = kop(on)
    values = wording.values(
        convening, reader or Reader("", "", None, ""), LANG)
    listed = [(s.titled, texts.region_of(s, LANG)) for s in on.invited] if reader is None else []
    attached = len(listed) > letter.LISTED_ABOVE
    files = bool(attached) + bool(on.programme)
    event = convening.title_id + (" (susunan acara terlampir)" if on.programme else "")
    rows = (
        ("Hari, tanggal", values["hari"]),
        ("Pukul", f"{values['pukul']} s.d. selesai"),
        ("Tempat", values["tempat"]),
        ("Acara", event),
        ("Pakaian", convening.dress),
        ("Narahubung", values["narahubung"]),
    )
    office = terms.signer_office or f"Panitia {settings().organiser_name}"
    return LetterSheet(
        names=names,
        contact=contact,
        place=terms.place,
        dated=filters.plain_date(terms.dated or day_in(made, zone), LANG),
        number=number,
        security=terms.security,
        attachment=terms.attachment or ("-", "Satu berkas", "Dua berkas")[files],
        # A subject may name only what is not set, and a document has to have a title.
        subject=braces.fill(terms.subject, values)
        or braces.fill(letter.DEFAULT_SUBJECT, values),
        to=[reader.office] if reader else [] if attached else [office for office, _r in listed],
        to_place="Tempat",
        opening=braces.fill(terms.opening or letter.DEFAULT_OPENING, values),
        facts=[row for row in rows if row[1]],
        delegation=DELEGATION[convening.policy],
        confirmation=braces.fill(
            terms.confirmation or letter.DEFAULT_CONFIRMATION[terms.mode], values),
        link=reader.link if reader else "",
        ending=braces.fill(terms.ending or letter.DEFAULT_ENDING, values),
        signer_office=office.split("\n"),
        signer_name=terms.signer_name or convening.contact_name or settings().contact_name,
        signer_rank=terms.signer_rank,
        signer_nip=terms.signer_nip,
        copies=terms.copies.split("\n") if terms.copies else (),
        listed=listed if attached else (),
        programme=on.programme,
        made=made,
        sample=convening.cohort.sample,
    )


def _plain(name: str) -> str:
    """An office's name as part of a file's name: ASCII, lower case, no spaces."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")[:60] or "undangan"
