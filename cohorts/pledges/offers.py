"""Publishing a text, and asking offices to sign it.

An offer is a row with the exact bytes to be signed: who is asked (the office, never a person), the
words, the targets. Its link is made from its id and generation; voiding raises the generation.

Messages: ``pledge_offer``, subject ("pledge", id), facts: office, version, convening_id.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.directory.contacts import mail_addresses
from cohorts.directory.offices import HEAD, ensure_office, offices, role_for
from cohorts.directory.tables import ContactPoint, Office, Organisation, Region
from cohorts.ground import outbox
from cohorts.ground.access import Actor, Where, demand
from cohorts.ground.base import new_id
from cohorts.ground.canonical import canonical, sha256
from cohorts.ground.chronicle import record
from cohorts.ground.clock import day_in
from cohorts.ground.refusal import Refusal
from cohorts.pledges import events
from cohorts.pledges.tables import Pledge, PledgeText, Signature
from cohorts.pledges.text import canonical_text, load, missing
from cohorts.programme.tables import Membership, MembershipEnd

SCHEMA = "livinglab/pledge@1"


@dataclass(frozen=True)
class Candidate:
    """The head of a member region. ``office`` is None while the directory has none: offering
    makes it. ``state``: ready, no_address (it can be asked, but no message leaves), offered,
    signed."""

    region: Region
    office: Office | None
    state: str


@dataclass(frozen=True)
class Offered:
    """What one act of offering did: the new pledges, and how many offices had one before."""

    pledges: list[Pledge]
    already: int


def candidates(session: Session, text_id: str, *, on: dt.date) -> list[Candidate]:
    """The head of every member region on the day, in the order of their codes: the preview."""
    text = session.get(PledgeText, text_id)
    if text is None:
        raise Refusal("ground.not_found")
    regions = session.scalars(
        sa.select(Region)
        .where(
            sa.select(Membership.id)
            .outerjoin(MembershipEnd, MembershipEnd.membership_id == Membership.id)
            .where(
                Membership.cohort_id == text.cohort_id,
                Membership.region_code == Region.code,
                Membership.joined_on <= on,
                sa.or_(MembershipEnd.left_on.is_(None), MembershipEnd.left_on > on),
            )
            .exists()
        )
        .order_by(Region.code)
    ).all()
    heads = _heads(session, regions)
    reachable = mail_addresses(session, [o.id for o in heads.values()], on)
    states = _states(session, text.id)
    found = []
    for region in regions:
        office = heads.get(region.code)
        state = states.get(office.id) if office is not None else None
        if state is None:
            state = "ready" if office is not None and office.id in reachable else "no_address"
        found.append(Candidate(region, office, state))
    return found


def _heads(session: Session, regions: Sequence[Region]) -> dict[str, Office]:
    """The head's office of each region that has one."""
    wanted = {r.code: role_for(r, HEAD) for r in regions}
    rows = session.execute(
        sa.select(Organisation.region_code, Office)
        .join(Office, Office.organisation_id == Organisation.id)
        .where(
            Organisation.region_code.in_(list(wanted)),
            Office.role_key.in_(set(wanted.values())),
            Office.ended_on.is_(None),
        )
    )
    return {
        code: office for code, office in rows if code and office.role_key == wanted[code]
    }


def _states(session: Session, text_id: str) -> dict[str, str]:
    rows = session.execute(
        sa.select(Pledge.office_id, Signature.id)
        .outerjoin(Signature, Signature.pledge_id == Pledge.id)
        .where(Pledge.text_id == text_id, Pledge.voided_at.is_(None))
    )
    return {office: "signed" if signed else "offered" for office, signed in rows}


def offer(
    session: Session,
    text_id: str,
    *,
    region_codes: Sequence[str] = (),
    office_ids: Sequence[str] = (),
    actor: Actor,
    now: dt.datetime,
) -> Offered:
    """Ask the heads of regions, and further offices, to sign a published text. Whoever was asked
    before is left as they are; regions outside the cohort may be asked too. A voided offer is
    opened again under a new link.

    Raises Refusal ground.not_found, ground.not_allowed, pledges.not_published,
    pledges.office_without_region, and those of making an office.
    """
    text = load(session, text_id, actor)
    if text.state != "published":
        raise Refusal("pledges.not_published")
    heads = [
        ensure_office(session, role_key=HEAD, region_code=code, actor=actor, now=now).id
        for code in region_codes
    ]
    wanted = list(dict.fromkeys([*heads, *office_ids]))
    asked = offices(session, wanted)
    if len(asked) != len(wanted):
        raise Refusal("ground.not_found")
    known = {
        p.office_id: p
        for p in session.scalars(
            sa.select(Pledge).where(Pledge.text_id == text.id, Pledge.office_id.in_(wanted))
        )
    }
    reachable = mail_addresses(session, wanted, day_in(now, text.convening.timezone))
    made, already = [], 0
    for office_id in wanted:
        pledge = known.get(office_id)
        if pledge is not None and pledge.voided_at is None:
            already += 1
            continue
        if pledge is None:
            pledge = _make(session, text, asked[office_id], now)
        else:
            pledge.voided_at = None
            pledge.generation += 1
        made.append(pledge)
        _announce(session, text, pledge, reachable.get(office_id), actor, now)
    session.flush()
    return Offered(made, already)


def _make(session: Session, text: PledgeText, office: Office, now: dt.datetime) -> Pledge:
    region = office.organisation.region
    if region is None:
        raise Refusal("pledges.office_without_region")
    id_ = new_id()
    data = canonical(canonical_pledge(id_, text, office, region))
    pledge = Pledge(
        id=id_,
        text_id=text.id,
        office_id=office.id,
        region_code=region.code,
        generation=1,
        data=data,
        sha256=sha256(data),
        offered_at=now,
    )
    session.add(pledge)
    session.flush()
    return pledge


def canonical_pledge(
    pledge_id: str, text: PledgeText, office: Office, region: Region
) -> dict[str, Any]:
    """What an office is asked to sign. The bytes made from it are stored and never derived again.
    """
    return {
        "schema": SCHEMA,
        "id": pledge_id,
        "office": {"id": office.id, "name": office.name, "role": office.role_key},
        "region": {"code": region.code, "name": region.full_name},
        "convening": {"id": text.convening_id, "number": text.convening.number},
        "text": canonical_text(text),
        "text_sha256": text.sha256,
    }


def _announce(
    session: Session,
    text: PledgeText,
    pledge: Pledge,
    reachable: ContactPoint | None,
    actor: Actor,
    now: dt.datetime,
) -> None:
    office = pledge.office
    record(
        session,
        events.PledgeOffered(
            subject=("pledge", pledge.id),
            cohort_id=text.cohort_id,
            office_id=office.id,
            office=office.name,
            region_code=pledge.region_code,
            sha256=pledge.sha256,
        ),
        actor,
        now,
    )
    if reachable is not None:
        outbox.post(
            session,
            key=f"pledge_offer:{pledge.id}:{pledge.generation}",
            kind="pledge_offer",
            subject=("pledge", pledge.id),
            now=now,
            address=reachable.value,
            name=office.name,
            cohort_id=text.cohort_id,
            thread=f"pledge:{pledge.id}",
            facts={
                "office": office.name,
                "version": text.version,
                "convening_id": text.convening_id,
                "generation": pledge.generation,
            },
        )


def void(session: Session, pledge_id: str, *, actor: Actor, now: dt.datetime) -> Pledge:
    """Take an offer back before it is signed. Doing it twice changes nothing.

    Raises Refusal ground.not_found, ground.not_allowed, pledges.already_signed.
    """
    pledge = session.get(Pledge, pledge_id)
    if pledge is None:
        raise Refusal("ground.not_found")
    where = Where(cohort_id=pledge.text.cohort_id, convening_id=pledge.text.convening_id)
    demand(actor, "pledge.edit", where)
    signed = session.scalar(sa.select(Signature).where(Signature.pledge_id == pledge_id))
    if signed is not None:
        raise Refusal(
            "pledges.already_signed", at=signed.signed_at, public_code=signed.public_code
        )
    if pledge.voided_at is None:
        _void(session, pledge, actor, now)
    return pledge


def _void(session: Session, pledge: Pledge, actor: Actor, now: dt.datetime) -> None:
    pledge.voided_at = now
    outbox.supersede(session, thread=f"pledge:{pledge.id}", kinds=("pledge_offer",))
    record(
        session,
        events.OfferVoided(
            subject=("pledge", pledge.id),
            cohort_id=pledge.text.cohort_id,
            office=pledge.office.name,
            region_code=pledge.region_code,
        ),
        actor,
        now,
    )


def publish(session: Session, text_id: str, *, actor: Actor, now: dt.datetime) -> PledgeText:
    """Freeze a draft. A published predecessor is superseded, its unsigned offers become void and
    are made anew under this version. Publishing a published text returns it unchanged.

    Raises Refusal ground.not_found, pledges.text_fixed (superseded), pledges.text_incomplete.
    """
    text = load(session, text_id, actor)
    if text.state == "published":
        return text
    if text.state == "superseded":
        raise Refusal("pledges.text_fixed")
    lacks = missing(text)
    if lacks:
        raise Refusal("pledges.text_incomplete", missing=lacks)
    former = session.scalar(
        sa.select(PledgeText).where(
            PledgeText.cohort_id == text.cohort_id, PledgeText.state == "published"
        )
    )
    if former is not None:
        former.state = "superseded"
        session.flush()  # the database allows one published text for a cohort
    text.sha256 = sha256(canonical(canonical_text(text)))
    text.state = "published"
    text.published_at = now
    session.flush()
    voided = _replace_offers(session, former, text, actor, now) if former is not None else 0
    record(
        session,
        events.TextPublished(
            subject=("pledge_text", text.id),
            cohort_id=text.cohort_id,
            version=text.version,
            sha256=text.sha256,
            replaces=former.id if former is not None else None,
            voided=voided,
        ),
        actor,
        now,
    )
    return text


def _replace_offers(
    session: Session, former: PledgeText, text: PledgeText, actor: Actor, now: dt.datetime
) -> int:
    """Void what nobody signed under the former version and ask the same offices anew."""
    waiting = session.scalars(
        sa.select(Pledge)
        .outerjoin(Signature, Signature.pledge_id == Pledge.id)
        .where(
            Pledge.text_id == former.id, Pledge.voided_at.is_(None), Signature.id.is_(None)
        )
        .order_by(Pledge.id)
    ).all()
    for pledge in waiting:
        _void(session, pledge, actor, now)
    session.flush()
    if waiting:
        offer(
            session, text.id, office_ids=[p.office_id for p in waiting], actor=actor, now=now
        )
    return len(waiting)


def current_for(session: Session, pledge: Pledge) -> Pledge | None:
    """The offer in force for the same office and cohort: what an old link leads on to. None when
    the office is not asked to sign anything now."""
    return session.scalar(
        sa.select(Pledge)
        .join(PledgeText, PledgeText.id == Pledge.text_id)
        .where(
            PledgeText.cohort_id == pledge.text.cohort_id,
            PledgeText.state == "published",
            Pledge.office_id == pledge.office_id,
            Pledge.voided_at.is_(None),
        )
    )
