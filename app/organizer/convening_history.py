"""What happened to a convening, from the chronicle, as a line each."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from app.extensions import db
from app.filters import when_short
from app.language import language
from cohorts.convenings.tables import Convening
from cohorts.directory.tables import User
from cohorts.ground.chronicle import ChronicleEntry

MOST = 12


def history_of(found: Convening) -> list[dict[str, Any]]:
    """Return the latest events, the youngest first: when, what, and a tone for what the guests
    noticed."""
    rows = db.session.scalars(
        sa.select(ChronicleEntry)
        .where(ChronicleEntry.subject_kind == "convening", ChronicleEntry.subject_id == found.id)
        .order_by(ChronicleEntry.id.desc())
        .limit(MOST * 10)).all()
    ids = {row.actor_id for row in rows if row.actor_kind == "user"}
    names = {u.id: u.name for u in db.session.scalars(sa.select(User).where(User.id.in_(ids)))}
    told: list[dict[str, Any]] = []
    before: tuple[str, str] | None = None
    for row in rows:
        what = _what(row)
        if what is None:
            continue
        same, before = before == (row.event, row.actor_id), (row.event, row.actor_id)
        if same and row.event in _IN_STEPS:
            continue
        if len(told) == MOST:
            break
        by = names.get(row.actor_id)
        told.append({
            "when": when_short(row.at, found.timezone, lang=language()),
            "what": what,
            "tone": "nila" if row.event in _LOUD else None,
            "note": by or "",
        })
    return told


_LOUD = {
    "convenings.announced", "convenings.started",
    "convenings.closed", "convenings.cancelled",
    "convenings.rescheduled",
}


_IN_STEPS = {"convenings.edited", "convenings.programme_set"}
"""Written in many small steps: one line says that somebody was at it."""


def _what(row: ChronicleEntry) -> str | None:
    words = {
        "convenings.planned": _("Dibuat sebagai draf"),
        "convenings.edited": _("Keterangannya diubah"),
        "convenings.rescheduled": _("Waktu atau tempatnya diubah"),
        "convenings.announced": _("Diumumkan"),
        "convenings.started": _("Dimulai"),
        "convenings.closed": _("Ditutup"),
        "convenings.reopened": _("Dibuka kembali"),
        "convenings.cancelled": _("Dibatalkan"),
        "convenings.programme_set": _("Susunan acaranya diubah"),
    }
    if row.event == "convenings.cloned":
        return str(_("Disalin dari pertemuan ke-%(n)s", n=row.data["source_number"]))
    if row.event == "convenings.offices_invited":
        n = row.data["invited"]
        return str(ngettext("%(n)s jabatan diundang", "%(n)s jabatan diundang", n, n=n))
    if row.event == "convenings.announcement_sent":
        n = row.data["recipients"]
        return str(ngettext("Pemberitahuan dikirim ke %(n)s penerima",
                            "Pemberitahuan dikirim ke %(n)s penerima", n, n=n))
    return words.get(row.event)
