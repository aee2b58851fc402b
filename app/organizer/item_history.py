"""An item's life in words: its steps, its passage from convening to convening, its kin."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.filters import day_of, plain_date
from app.language import language
from app.organizer.forms_items import DROP_WORDS
from app.status import ITEM
from cohorts.actions import record
from cohorts.actions.agenda import next_planned
from cohorts.actions.proof import evidence_of
from cohorts.actions.standing import Standing, items_by_id
from cohorts.actions.tables import Evidence, ItemEvent, Lineage, OwnerLink
from cohorts.convenings.tables import Convening
from cohorts.directory.offices import office_name
from cohorts.directory.tables import Office, User
from cohorts.ground.body import Body

TONES = {
    "blocked": "kunyit", "returned": "kunyit", "due_granted": "kunyit", "verified": "padi",
    "claimed": "padi", "raised": "abu", "dropped": "abu", "split": "abu", "merged": "abu",
    "started": "nila", "unblocked": "nila", "reopened": "kunyit", "restored": "nila",
}  # fmt: skip
WORDS = {
    "raised": _l("Dicatat"),
    "started": _l("Mulai dikerjakan"),
    "progress": _l("Catatan kemajuan"),
    "blocked": _l("Terkendala"),
    "unblocked": _l("Berjalan lagi"),
    "claimed": _l("Diklaim selesai"),
    "withdrawn": _l("Klaim ditarik kembali"),
    "returned": _l("Dikembalikan dengan catatan"),
    "verified": _l("Terverifikasi"),
    "reopened": _l("Dibuka kembali; perlu putusan baru"),
    "paused": _l("Dikembalikan ke belum mulai"),
    "dropped": _l("Dihentikan"),
    "restored": _l("Dihidupkan lagi"),
    "split": _l("Dipecah"),
    "merged": _l("Digabung"),
    "edited": _l("Isinya diperbaiki"),
    "escalated": _l("Tingkat eskalasi diubah"),
}
ORIGINS = {
    "meeting": _l("Dari rapat"),
    "template": _l("Dari templat, satu untuk tiap daerah"),
    "pledge": _l("Dari komitmen yang ditandatangani"),
    "split": _l("Bagian dari tindak lanjut yang dipecah"),
    "merge": _l("Gabungan beberapa tindak lanjut"),
    "transfer": _l("Pindahan dari kohort lain"),
}


@dataclass(frozen=True)
class Told:
    """One step in words. ``by``: who took it, and on whose behalf."""

    at: dt.datetime
    what: str
    tone: str | None
    quote: str | None
    by: str
    evidence: list[Evidence] = field(default_factory=list)


@dataclass(frozen=True)
class Kin:
    """Items this one came from and went into: (word, item)."""

    links: list[tuple[str, Standing]]


def history(session: Session, found: Standing) -> list[Told]:
    """Every step, the newest first."""
    events = session.scalars(
        sa.select(ItemEvent).where(ItemEvent.item_id == found.id).order_by(ItemEvent.seq)
    ).all()
    notes = _bodies(session, [event.note_id for event in events])
    people = actors(session, events)
    proofs: dict[str, list[Evidence]] = defaultdict(list)
    for event, evidence in evidence_of(session, found.id):
        proofs[event.id].append(evidence)
    told = []
    before: ItemEvent | None = None
    for event in events:
        by = people.get(event.actor_id, _("sistem"))
        if event.on_behalf:
            by = _("%(who)s, atas nama daerah", who=by)
        told.append(
            Told(event.recorded_at, _what(event, before, found), TONES.get(event.kind),
                 notes.get(event.note_id or ""), by, proofs[event.id])
        )  # fmt: skip
        before = event
    return told[::-1]


def _what(event: ItemEvent, before: ItemEvent | None, found: Standing) -> str:
    if event.kind == "due_granted" and before is not None and event.due_on and before.due_on:
        return str(_("Tenggat diperpanjang: %(old)s menjadi %(new)s",
                     old=plain_date(before.due_on, language()),
                     new=plain_date(event.due_on, language())))  # fmt: skip
    if event.kind == "raised":
        return str(ORIGINS[found.origin])
    if event.kind == "blocked":
        return str(_("Terkendala, menunggu %(who)s", who=event.blocked_by))
    if event.kind == "dropped":
        return str(_("Dihentikan: %(why)s", why=DROP_WORDS[event.drop_reason or ""]))
    if event.kind == "escalated":
        return str(_("Eskalasi ke tingkat %(level)s", level=event.escalation))
    return str(WORDS.get(event.kind, event.kind))


def actors(session: Session, events: Iterable[ItemEvent]) -> dict[str, str]:
    """Who acted, by the id in the fact: the account's name, or the office of a link."""
    ids = {event.actor_id for event in events}
    users = session.execute(sa.select(User.id, User.name).where(User.id.in_(ids)))
    found = {row.id: row.name for row in users}
    linked = session.execute(
        sa.select(OwnerLink.id, Office).join(Office, Office.id == OwnerLink.office_id)
        .where(OwnerLink.id.in_(ids)))
    found |= {link_id: office_name(office, language()) for link_id, office in linked}
    return found


def passage(session: Session, found: Standing) -> list[tuple[str, str, bool]]:
    """(convening, what became of the item there, still to come), for the macro ``passage``."""
    steps = []
    if found.convening_id:
        raised = session.get_one(Convening, found.convening_id)
        day = plain_date(day_of(found.first_raised, raised.timezone), language())
        steps.append((_ke(raised), _("dijanjikan %(day)s", day=day)))
    else:
        steps.append((_("Di antara"), _("dicatat di antara dua pertemuan")))
    for closing, row in record.passage(session, found.cohort_id, found.id):
        if closing.convening_id == found.convening_id and row.unresolved:
            continue  # where it was promised says so already
        status = _status_then(session, row.item_id, row.seq)
        word = _("dibawa, %(status)s", status=str(ITEM[status].word).lower())
        if not row.unresolved:
            word = str(ITEM[status].word).lower()
        elif not closing.held:
            word = _("tidak kuorum, %(status)s", status=str(ITEM[status].word).lower())
        steps.append((_ke(closing.convening), word))
    told = [(strong, text, False) for strong, text in steps]
    following = next_planned(session, found.cohort_id)
    if found.unresolved and following is not None:
        day = plain_date(day_of(following.starts_at, following.timezone), language())
        told.append((_ke(following), _("menunggu, %(day)s", day=day), True))
    return told


def kin(session: Session, found: Standing) -> Kin:
    """Parts, wholes, and whoever answers."""
    rows = session.execute(
        sa.select(Lineage.parent_id, Lineage.child_id, Lineage.kind).where(
            sa.or_(Lineage.parent_id == found.id, Lineage.child_id == found.id))
    ).all()
    others = items_by_id(
        session, [*(row.parent_id for row in rows), *(row.child_id for row in rows),
                  *([found.answered_by_id] if found.answered_by_id else [])])  # fmt: skip
    down = {"split": _("Dipecah menjadi"), "merge": _("Digabung ke"), "transfer": _("Pindah ke")}
    up = {"split": _("Bagian dari"), "merge": _("Gabungan dari"), "transfer": _("Pindahan dari")}
    links = [
        (down[row.kind], others[row.child_id]) if row.parent_id == found.id
        else (up[row.kind], others[row.parent_id])
        for row in rows
    ]  # fmt: skip
    if found.drop_reason == "duplicate" and found.answered_by_id:
        links.append((_("Dijawab oleh"), others[found.answered_by_id]))
    return Kin(sorted(links, key=lambda pair: pair[1].number))


def _status_then(session: Session, item_id: str, seq: int) -> str:
    state, verified = session.execute(
        sa.select(ItemEvent.state, ItemEvent.verified).where(
            ItemEvent.item_id == item_id, ItemEvent.seq == seq)
    ).one()
    if state == "done":
        return "verified" if verified else "claimed"
    return str(state)


def _ke(convening: Convening) -> str:
    return str(_("Ke-%(n)s", n=convening.number))


def _bodies(session: Session, ids: list[str | None]) -> dict[str, str]:
    wanted = [one for one in ids if one]
    rows = session.execute(sa.select(Body.id, Body.text).where(Body.id.in_(wanted)))
    return {body_id: text for body_id, text in rows if text}
