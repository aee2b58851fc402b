"""Action items of the story: what is raised in each convening, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.demo import facts
from app.demo.acts import convening_of
from app.demo.fates import Key, Move
from app.demo.people import draw
from cohorts.actions import dates, drops, items, moves, templates
from cohorts.actions.owner_links import owner_link
from cohorts.actions.proof import Proof
from cohorts.actions.tables import Item, ItemEvent
from cohorts.convenings.tables import Convening
from cohorts.directory import offices
from cohorts.directory.tables import Office, Organisation
from cohorts.ground.access import Actor
from cohorts.programme.tables import Cohort

MEETING_COUNTS = {1: 12, 2: 6, 3: 8, 4: 12}
MEETING_ROLES = ("sekda", "kadiskominfo", "kabid")
MEETING_DUE = {
    1: date(2022, 12, 5),
    2: date(2022, 12, 16),
    3: date(2023, 1, 31),
    4: date(2023, 6, 15),
}


def meeting_keys(number: int, regions: Sequence[str]) -> list[Key]:
    """Which regions get an item of their own in a convening, in the order they are said."""
    dice = draw("meeting", str(number))
    chosen = dice.sample(sorted(regions), min(MEETING_COUNTS[number], len(regions)))
    return [Key(f"M{number}", code, place) for place, code in enumerate(chosen)]


def all_keys(regions: Sequence[str], staying: Sequence[str]) -> list[Key]:
    """Every item of the story; a region that leaves gets none of its own in a meeting."""
    keys = [
        Key(series, code) for series in ("T1", "T2", "T3", "P1", "P2") for code in sorted(regions)
    ]
    for number in MEETING_COUNTS:
        keys += meeting_keys(number, staying)
    return keys


def raise_in(
    session: Session,
    slug: str,
    number: int,
    staying: Sequence[str],
    shift: timedelta,
    actor: Actor,
    now: datetime,
) -> None:
    """What is agreed in a convening that runs: templates for all, and single items."""
    made = convening_of(session, slug, number)
    for template in facts.TEMPLATES:
        if template.convening == number:
            templates.make_template(
                session,
                made.cohort_id,
                title=template.title,
                criterion=template.criterion,
                role_key=template.role,
                due_on=template.due + shift,
                lead_days=30,
                convening_id=made.id,
                actor=actor,
                now=now,
            )
    words = facts.MEETING_ITEMS[number]
    for key in meeting_keys(number, staying):
        title, criterion = words[key.number % len(words)]
        office = offices.ensure_office(
            session,
            role_key=MEETING_ROLES[key.number % len(MEETING_ROLES)],
            region_code=key.region,
            actor=actor,
            now=now,
        )
        items.raise_item(
            session,
            made.cohort_id,
            title=title,
            criterion=criterion,
            convening_id=made.id,
            office_id=office.id,
            due_on=MEETING_DUE[number] + shift,
            actor=actor,
            now=now + timedelta(minutes=2 * key.number),
        )


def known(session: Session, slug: str) -> dict[Key, str]:
    """The ids of the items by the keys of the story."""
    titles = {t.title: f"T{place}" for place, t in enumerate(facts.TEMPLATES, start=1)}
    titles |= {p[0]: f"P{place}" for place, p in enumerate(facts.PLEDGE_PROMISES, start=1)}
    rows = session.execute(
        sa.select(Item, ItemEvent.title, Convening.number)
        .join(ItemEvent, sa.and_(ItemEvent.item_id == Item.id, ItemEvent.seq == 1))
        .join(Cohort, Cohort.id == Item.cohort_id)
        .outerjoin(Convening, Convening.id == Item.convening_id)
        .where(Cohort.slug == slug)
        .order_by(Item.number)
    ).all()
    found: dict[Key, str] = {}
    said: dict[int, int] = {}
    for item, title, number in rows:
        if item.origin in ("template", "pledge"):
            found[Key(titles[title], item.region_code or "")] = item.id
        else:
            place = said.get(number, 0)
            said[number] = place + 1
            found[Key(f"M{number}", item.region_code or "", place)] = item.id
    return found


class Owners:
    """Actors who come by their office's link, made once for each office."""

    def __init__(self, session: Session, cohort_id: str) -> None:
        self._session = session
        self._cohort_id = cohort_id
        self._known: dict[str, Actor] = {}

    def actor(self, office_id: str, now: datetime) -> Actor:
        """Whoever holds the office's link."""
        if office_id not in self._known:
            row = owner_link(self._session, self._cohort_id, office_id, now)
            code = self._session.scalar(
                sa.select(Organisation.region_code)
                .join(Office, Office.organisation_id == Organisation.id)
                .where(Office.id == office_id)
            )
            self._known[office_id] = Actor(
                "link",
                row.id,
                link="owner",
                office_id=office_id,
                regions=frozenset({code}) if code else frozenset(),
            )
        return self._known[office_id]


def tell(
    session: Session,
    slug: str,
    planned: Sequence[Move],
    organiser: Actor,
    mentor: Actor,
) -> None:
    """Take these steps, each by whoever may and at its own time."""
    ids = known(session, slug)
    cohort_id = session.scalars(sa.select(Cohort.id).where(Cohort.slug == slug)).one()
    owners = Owners(session, cohort_id)
    owner_of = _owner_offices(session, [ids[move.key] for move in planned])
    for move in planned:
        ident = ids[move.key]
        owner = owners.actor(owner_of[ident], move.at)
        match move.kind:
            case "start":
                moves.start(session, ident, actor=owner, now=move.at)
            case "block":
                moves.block(
                    session, ident, reason=move.note, blocked_by=move.by, actor=owner, now=move.at
                )
            case "unblock":
                moves.start(session, ident, actor=owner, now=move.at)
            case "claim":
                moves.claim(session, ident, proofs=[_proof(move)], actor=owner, now=move.at)
            case "return":
                moves.give_back(session, ident, note=move.note, actor=mentor, now=move.at)
            case "verify":
                moves.verify(session, ident, actor=mentor, now=move.at)
            case "drop":
                drops.drop(session, ident, move.note, actor=organiser, now=move.at)
            case "extend":
                assert move.until is not None
                dates.grant_due(
                    session, ident, move.until, reason=move.note, actor=organiser, now=move.at
                )


def _owner_offices(session: Session, ids: Sequence[str]) -> dict[str, str]:
    rows = session.execute(
        sa.select(ItemEvent.item_id, ItemEvent.owner_office_id).where(
            ItemEvent.item_id.in_(ids), ItemEvent.seq == 1
        )
    )
    return {item_id: office_id or "" for item_id, office_id in rows}


def _proof(move: Move) -> Proof:
    dice = draw("proof", move.key.series, move.key.region, str(move.key.number))
    day = move.at.date().isoformat()
    if move.key.series in ("T1", "P1") or dice.random() < 0.5:
        return Proof("decree", f"800/{dice.randint(101, 999)} ({day})")
    plain = move.key.region.replace(".", "")
    return Proof("link", f"https://berkas.contoh.id/{plain}/{move.key.series.lower()}-{day}.pdf")
