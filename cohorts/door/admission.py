"""The one rule for all doors: ``admit(...)``, and the acts that belong to it.

Whatever way somebody comes in (scan, typed code, found by name), here it is decided, and the
database decides races. This is a hot path: SQLAlchemy Core, no objects of the mapper.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal, cast

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy.orm import Session

from cohorts.convenings.tables import Convening, Pass
from cohorts.directory.tables import Person
from cohorts.door.doorway import Doorway, check_client_id, doorway, once, shut
from cohorts.door.passes import PassCode, read_pass, read_short_code
from cohorts.door.presence import First, acts_of, first_of
from cohorts.door.standing import NoStanding, Standing, standing
from cohorts.door.tables import Act, Scan
from cohorts.ground.access import Actor
from cohorts.ground.base import new_id
from cohorts.ground.clock import day_in
from cohorts.ground.refusal import Refusal

Outcome = Literal["admitted", "already", "refused", "undone", "waiting", "done"]
DRIFT = dt.timedelta(minutes=2)
"""How far beyond its receipt a corrected time may lie and still count as the receipt."""

_act = cast(sa.Table, Act.__table__)
_scan = cast(sa.Table, Scan.__table__)


@dataclass(frozen=True)
class Claim:
    """What a device says. ``text`` is the scanned text, the typed code or, by name, a person's id.

    ``client_id`` is made by the device, once per attempt, and sent again with every repetition.
    ``claimed_at`` is the device's clock when it answered by itself (None: just now), ``offset``
    what has to be added to that clock, as measured at the last contact.
    """

    client_id: str
    mode: Literal["qr", "code", "name"]
    text: str
    claimed_at: dt.datetime | None = None
    offset: dt.timedelta = dt.timedelta()


@dataclass(frozen=True)
class Answer:
    """What the door says. ``at`` and ``place``: of the first presence when ``already``, else of
    this act. ``code`` names the reason when ``refused``. ``facts`` may hold: opens_at, closed_at,
    convening_id (the one a pass is for), office, by_person, since."""

    outcome: Outcome
    code: str | None = None
    person_id: str | None = None
    act_id: str | None = None
    at: dt.datetime | None = None
    place: str = ""
    standings: tuple[Standing, ...] = ()
    facts: dict[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class _Found:
    """Whom a claim names, or why it names nobody."""

    person_id: str | None
    code: str | None = None
    facts: dict[str, Any] = dataclasses.field(default_factory=dict)


def admit(
    session: Session,
    *,
    convening_id: str,
    claim: Claim,
    key: Ed25519PublicKey,
    actor: Actor,
    now: dt.datetime,
    station_id: str | None = None,
) -> Answer:
    """Let somebody in, or say why not (domain rules, section 6).

    Outcomes: admitted; already (a second scan never undoes the first); refused with a code
    (unknown, forged, revoked, wrong_convening, not_open, closed, replaced); undone (the claim
    belongs to an admission that was taken back); waiting (the device's clock cannot be right: for
    the desk). The same ``client_id`` sent again gets the same answer. Raises Refusal
    ground.not_allowed, ground.not_found, door.client_id, door.not_this_station.
    """
    check_client_id(claim.client_id)
    door = doorway(session, convening_id, station_id, actor)
    if claim.mode == "name" and not door.may_search:
        raise Refusal("door.not_this_station", right="search")
    known = answer_of(session, claim.client_id)
    if known is not None:
        return known
    claimed = claim.claimed_at or now
    at = corrected(claim, door.since, now)
    judged = at or claimed + claim.offset
    part = day_in(judged, door.timezone).isoformat()
    found = _who(session, door, claim, key)
    answer = (
        _refused(found) if found.person_id is None
        else Answer("waiting", person_id=found.person_id, at=judged, place=door.place)
        if at is None
        else _decide(session, door, claim, found.person_id, part, at, now, actor)
    )
    if claim.claimed_at is None and answer.outcome == "already" and answer.at is not None:
        # Two doors in the same moment: who was told "already" met the other's admission, and did
        # not come before it, whatever the two clocks say of those milliseconds.
        judged = max(judged, answer.at + dt.timedelta(microseconds=1))
    ours = once(session, _scan, {
        "client_id": claim.client_id, "convening_id": door.convening_id, "part": part,
        "station_id": door.station_id, "place": door.place, "actor": actor.id, "act": "admit",
        "mode": claim.mode, "person_id": answer.person_id, "act_id": answer.act_id,
        "outcome": answer.outcome, "code": answer.code, "claimed_at": claimed, "at": judged,
        "received_at": now,
    })
    if not ours:  # the same record came by two ways at once: what was said first holds
        return answer_of(session, claim.client_id) or answer
    return answer


def corrected(claim: Claim, since: dt.datetime | None, now: dt.datetime) -> dt.datetime | None:
    """The time of a claim by the server's clock, between enrolment and receipt; None outside."""
    if claim.claimed_at is None:
        return now
    at = claim.claimed_at + claim.offset
    if at > now:
        return now if at - now <= DRIFT else None
    return None if since is not None and at < since else at


def _who(session: Session, door: Doorway, claim: Claim, key: Ed25519PublicKey) -> _Found:
    if claim.mode == "name":
        known = session.scalar(sa.select(Person.id).where(Person.id == claim.text))
        return _Found(known, None if known else "unknown")
    query = sa.select(Pass.id, Pass.person_id, Pass.generation, Pass.convening_id)
    if claim.mode == "code":
        short = read_short_code(claim.text)
        if short is None:
            return _Found(None, "unknown")
        row = session.execute(
            query.where(Pass.convening_id == door.convening_id, Pass.short_code == short)
        ).one_or_none()
        return _Found(None, "unknown") if row is None else _Found(row.person_id)
    code = read_pass(claim.text, key)
    if not isinstance(code, PassCode):
        return _Found(None, code)
    if code.convening_id != door.convening_id:
        return _Found(None, "wrong_convening", {"convening_id": code.convening_id})
    row = session.execute(
        query.where(Pass.id == code.pass_id, Pass.convening_id == code.convening_id)
    ).one_or_none()
    if row is None:
        return _Found(None, "unknown")
    if row.generation != code.generation:
        return _Found(None, "revoked", {"person_id": row.person_id})
    return _Found(row.person_id)


def _refused(found: _Found) -> Answer:
    facts = dict(found.facts)
    return Answer(
        "refused", found.code, person_id=facts.pop("person_id", found.person_id), facts=facts
    )


def _decide(
    session: Session, door: Doorway, claim: Claim, person_id: str, part: str, at: dt.datetime,
    now: dt.datetime, actor: Actor,
) -> Answer:
    """The person is known, the time is sound: what happens?"""
    as_whom = standing(
        session, convening_id=door.convening_id, person_id=person_id, at=at
    )
    if isinstance(as_whom, NoStanding):
        facts = {"office": as_whom.office, "by_person": as_whom.by_person, "since": as_whom.since}
        return _refused(_Found(person_id, as_whom.code, facts))
    before = acts_of(session, door.convening_id, part, person_id)
    undone = [row.at for row in before if row.kind == "undo"]
    if any(at <= instant for instant in undone):
        return Answer("undone", person_id=person_id, at=at, place=door.place, standings=as_whom)
    first = first_of(session, door.convening_id, part, person_id, undone) if before else None
    if first is not None:
        return _already(first, person_id, as_whom)
    closed = shut(door, at)
    if closed is not None:
        code, when = closed
        fact = "opens_at" if code == "not_open" else "closed_at"
        return Answer("refused", code, person_id, standings=as_whom, facts={fact: when})
    act_id = new_id()
    ours = once(session, _act, {
        "id": act_id, "client_id": claim.client_id, "convening_id": door.convening_id,
        "part": part, "person_id": person_id, "round": len(undone), "kind": "admit",
        "mode": claim.mode, "undoes_id": None, "reason": "", "station_id": door.station_id,
        "place": door.place, "actor": actor.id, "at": at, "received_at": now,
    })
    if ours:
        return Answer("admitted", None, person_id, act_id, at, door.place, as_whom)
    # Another door was faster by a moment; its rows are committed, or we would still be waiting.
    first = first_of(session, door.convening_id, part, person_id, undone)
    return _already(first or First(at, claim.client_id, door.place), person_id, as_whom)


def _already(first: First, person_id: str, as_whom: tuple[Standing, ...]) -> Answer:
    return Answer("already", None, person_id, None, first.at, first.place, as_whom)


def answer_of(session: Session, client_id: str) -> Answer | None:
    """The answer a record got, unless its admission was taken back since; None before it came."""
    row = session.execute(sa.select(_scan).where(_scan.c.client_id == client_id)).one_or_none()
    if row is None:
        return None
    convening = session.execute(
        sa.select(Convening.door_opens_at, Convening.door_closes_at, Convening.closed_at).where(
            Convening.id == row.convening_id
        )
    ).one()
    answer = Answer(
        cast(Outcome, row.outcome), row.code, row.person_id, row.act_id, row.at, row.place,
        facts={"opens_at": convening.door_opens_at,
               "closed_at": convening.closed_at or convening.door_closes_at},
    )
    if row.person_id is None:
        return answer
    as_whom = standing(
        session, convening_id=row.convening_id, person_id=row.person_id, at=row.at
    )
    if isinstance(as_whom, tuple):
        answer = dataclasses.replace(answer, standings=as_whom)
    else:
        answer.facts.update(office=as_whom.office, by_person=as_whom.by_person,
                            since=as_whom.since)
    if row.act != "admit" or row.outcome not in ("admitted", "already"):
        return answer
    undone = [a.at for a in acts_of(session, row.convening_id, row.part, row.person_id)
              if a.kind == "undo"]
    if any(row.at <= instant for instant in undone):
        return dataclasses.replace(answer, outcome="undone")
    if row.outcome == "already":
        first = first_of(session, row.convening_id, row.part, row.person_id, undone)
        if first is not None:
            return dataclasses.replace(answer, at=first.at, place=first.place)
    return answer
