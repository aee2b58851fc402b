"""Whom a move or a cancellation writes to, in words, and what its mail will say."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.extensions import db
from app.filters import utc_now
from app.mail.compose import Words, preview
from app.organizer.guest_rows import office_word, region_word
from cohorts.convenings import calendar, delivery
from cohorts.convenings.convening import FIELDS, Plan
from cohorts.convenings.notice import WRITTEN, Notice, Told
from cohorts.convenings.tables import Convening, Invitation
from cohorts.ground.outbox import Message

KINDS = {
    "updated": "invitation_update",
    "replaced": "invitation",
    "first": "invitation",
    "cancelled": "invitation_cancel",
}
LOOKS = {
    "updated": ("nila", "send"),
    "replaced": ("nila", "mail-check"),
    "first": ("nila", "send"),
    "cancelled": ("nila", "send"),
    "dropped": ("abu", "ban"),
    "unreached": ("kunyit", "mail-question-mark"),
    "unaware": ("abu", "minus"),
}
REASON = "(alasan yang ditulis di halaman ini)"
"""Stands in the letter, which is Indonesian, until the organiser has written the reason."""


@dataclass(frozen=True)
class Line:
    """One office: where it is, what it is, what it gets and where to."""

    region: str
    office: str
    outcome: str
    look: tuple[str, str]
    word: str
    address: str
    note: str


@dataclass(frozen=True)
class Sample:
    """One of the mails as its first recipient will read it, and how many get this kind."""

    kind: str
    to: str
    count: int
    words: Words


def lines_of(notice: Notice, convening: Convening) -> list[Line]:
    """One line for each office invited; those that need a telephone first."""
    refused = _refused(notice, convening)
    words = {
        "updated": _("Menerima perubahan jadwal"),
        "replaced": _("Undangannya belum terkirim; jadwal baru langsung tercantum"),
        "first": _("Menerima undangan pertama kali"),
        "cancelled": _("Menerima pembatalan"),
        "dropped": _("Undangannya belum terkirim dan tidak jadi dikirim"),
        "unreached": _("Kalendernya memuat acara ini, tetapi alamatnya tidak ada lagi: telepon"),
        "unaware": _("Belum pernah menerima apa pun; tidak dikirimi"),
    }
    note = _("Surel terakhir ke alamat ini ditolak; telepon juga")
    ordered = sorted(
        notice.lines,
        key=lambda t: (t.outcome != "unreached", t.state.invitation_id not in refused),
    )
    return [
        Line(
            region_word(t.state),
            office_word(t.state),
            t.outcome,
            LOOKS[t.outcome],
            words[t.outcome],
            t.address,
            note if t.state.invitation_id in refused else "",
        )
        for t in ordered
    ]


def _refused(notice: Notice, convening: Convening) -> set[str]:
    """The invitations whose newest mail was lost for good at the very address written to now."""
    written = {t.state.invitation_id: t.address for t in notice.lines if t.address}
    return {
        one.state.invitation_id
        for one in delivery.board(db.session(), convening.id, utc_now())
        if one.message is not None
        and one.message.address == written.get(one.state.invitation_id)
        and delivery.lost(one.message, one.event)
    }


def counts_of(notice: Notice) -> list[tuple[str, int, bool]]:
    """What the head of the page counts: word, number, whether it asks for attention."""
    counts = notice.counts
    found = [
        (_("pesan ditulis"), notice.written, False),
        (_("undangan yang belum terkirim diganti"), counts.get("replaced", 0), False),
        (_("undangan yang belum terkirim ditarik"), counts.get("dropped", 0), False),
        (_("perlu ditelepon"), counts.get("unreached", 0), True),
        (_("tidak dikirimi"), counts.get("unaware", 0), False),
    ]
    return [(word, n, warns) for word, n, warns in found if n or word == found[0][0]]


def samples(notice: Notice, convening: Convening, to: Plan | None = None) -> list[Sample]:
    """The mails as they will read: with the plan to move by, or without one the cancellation.

    The plan is laid over the convening in this reading session only, and taken off again.
    """
    session, found = db.session(), []
    with session.no_autoflush:
        changes: dict[str, Any] = {"cancel_reason": REASON}
        if to is not None:
            changes = {name: getattr(to, name) for name in FIELDS}
        try:
            for name, value in changes.items():
                setattr(convening, name, value)
            for kind in dict.fromkeys(KINDS[o] for o in WRITTEN if notice.counts.get(o)):
                these = [t for t in notice.lines if KINDS.get(t.outcome) == kind]
                found.append(
                    Sample(
                        kind,
                        office_word(these[0].state),
                        len(these),
                        _said(kind, these[0]),
                    )
                )
        finally:
            session.expire(convening)
    return found


def _said(kind: str, told: Told) -> Words:
    """The mail to one office. It is never posted: its place in the outbox is after all others."""
    session = db.session()
    invitation = session.get_one(Invitation, told.state.invitation_id)
    method = "CANCEL" if kind == "invitation_cancel" else "REQUEST"
    facts = calendar.facts(session, invitation, method=method)
    message = Message(
        id=sys.maxsize,
        kind=kind,
        lang="id",
        address=told.address,
        thread=calendar.thread(invitation.id),
        subject_kind="invitation",
        subject_id=invitation.id,
        facts={"calendar": facts.as_json(), "why": "cancelled"},
    )
    return preview(session, message, mask=True)
