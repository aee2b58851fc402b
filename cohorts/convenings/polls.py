"""Finding a date: regions are asked, each answers once, and one of the dates becomes a convening.

Every office asked has a link of its own; whichever office of a region answers last speaks for it.
Messages, all of subject (poll_ask, id) and thread ``poll:<id of the ask>``:

    poll_asked      no facts           the dates and the link
    poll_reminder   step, until        poll_reminders.py
    poll_cancelled  no facts           to whoever had answered
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from cohorts.convenings.convening import ZONES
from cohorts.convenings.events_polls import PollOpened
from cohorts.convenings.poll_asked import Whom, whom
from cohorts.convenings.poll_tables import FEWEST, MOST, Poll, PollAsk, PollDate, PollRegion
from cohorts.directory.offices import DEPUTY_HEAD, HEAD, ensure_office
from cohorts.directory.tables import Region, Role
from cohorts.ground import bounds, outbox
from cohorts.ground.access import Actor, Where, demand
from cohorts.ground.base import new_id
from cohorts.ground.chronicle import record
from cohorts.ground.clock import day_in
from cohorts.ground.links import Link
from cohorts.ground.refusal import Refusal
from cohorts.programme.members import members
from cohorts.programme.tables import Cohort

MOST_ROLES = 3
LIMITS = {"title_id": 200, "title_en": 200, "venue": 200, "address": 300}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Question:
    """All that an organiser asks. ``dates`` are (start, end) in UTC; without ``regions`` every
    member is asked; ``required`` are those of them without whom it makes little sense. The English
    title falls back to the Indonesian."""

    title_id: str
    venue: str
    timezone: str
    dates: tuple[tuple[dt.datetime, dt.datetime], ...]
    answer_by: dt.datetime
    roles: tuple[str, ...] = (HEAD,)
    regions: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    title_en: str = ""
    purpose_id: str = ""
    purpose_en: str = ""
    address: str = ""

    def checked(self, now: dt.datetime) -> Question:
        """The question with its texts in one form and its dates in order; raises the first Refusal
        that applies: ground.needed, ground.too_long, convenings.zone_unknown, poll_dates,
        ends_before_it_starts, poll_date_past, poll_answer_by, no_roles."""
        texts: dict[str, Any] = {
            name: bounds.line(getattr(self, name), most=most, field=name)
            for name, most in LIMITS.items()
        }
        for name in ("purpose_id", "purpose_en"):
            texts[name] = bounds.lines(getattr(self, name), most=4000, field=name)
        for name in ("title_id", "venue"):
            bounds.needed(texts[name], most=LIMITS[name], field=name)
        texts["title_en"] = texts["title_en"] or texts["title_id"]
        if self.timezone not in ZONES:
            raise Refusal("convenings.zone_unknown", field="timezone")
        dates = tuple(sorted(set(self.dates)))
        if not FEWEST <= len(dates) <= MOST or len(dates) < len(self.dates):
            raise Refusal("convenings.poll_dates", field="dates", fewest=FEWEST, most=MOST)
        for starts_at, ends_at in dates:
            if ends_at <= starts_at:
                raise Refusal("convenings.ends_before_it_starts", field="dates")
        if dates[0][0] <= now:
            day = day_in(dates[0][0], self.timezone)
            raise Refusal("convenings.poll_date_past", field="dates", day=day)
        if not now < self.answer_by <= dates[0][0]:
            raise Refusal("convenings.poll_answer_by", field="answer_by")
        roles = tuple(dict.fromkeys(self.roles))
        if not 1 <= len(roles) <= MOST_ROLES:
            raise Refusal("convenings.no_roles", field="roles")
        return dataclasses.replace(self, dates=dates, roles=roles, **texts)


def thread(ask_id: str) -> str:
    """The thread of the messages to an office that is asked."""
    return f"poll:{ask_id}"


def poll(session: Session, cohort_id: str, poll_id: str) -> Poll:
    """A poll of the cohort, with its dates. Raises Refusal ground.not_found."""
    found = session.scalar(
        sa.select(Poll)
        .where(Poll.id == poll_id, Poll.cohort_id == cohort_id)
        .options(selectinload(Poll.dates))
    )
    if found is None:
        raise Refusal("ground.not_found")
    return found


def polls_of(session: Session, cohort_id: str) -> list[Poll]:
    """The cohort's polls, the youngest first."""
    return list(
        session.scalars(
            sa.select(Poll)
            .where(Poll.cohort_id == cohort_id)
            .options(selectinload(Poll.dates))
            .order_by(Poll.opened_at.desc(), Poll.id)
        )
    )


def ask_by_link(session: Session, link: Link | None) -> PollAsk:
    """The office that a link speaks for. Unknown, damaged and revoked are one answer: Refusal
    ground.link_invalid, after the same look into the database."""
    found = session.get(PollAsk, link.id if link else "-")
    if found is None or link is None or found.generation != link.generation:
        raise Refusal("ground.link_invalid")
    return found


def asked_by(session: Session, cohort_id: str, question: Question, now: dt.datetime) -> list[Whom]:
    """Whom opening the poll would ask, by region; changes nothing.

    Raises Refusal convenings.poll_not_member, poll_nobody, role_unknown, directory.role_elsewhere.
    """
    _known_roles(session, question.roles)
    joined = {m.region.code: m.region for m in members(session, cohort_id, now)}
    for code in {*question.regions, *question.required}:
        if code not in joined:
            raise Refusal("convenings.poll_not_member", field="regions", region=code[:10])
    codes = set(question.regions) or set(joined)
    if not codes or not set(question.required) <= codes:
        raise Refusal("convenings.poll_nobody", field="regions")
    return whom(
        session,
        by_name([joined[code] for code in codes]),
        question.roles,
        day_in(now, question.timezone),
    )


def open_poll(
    session: Session,
    cohort_id: str,
    question: Question,
    actor: Actor,
    now: dt.datetime,
    *,
    poll_id: str | None = None,
    seen: int | None = None,
) -> Poll:
    """Ask these posts of the regions, in this one transaction; a message each where an address is
    known.

    ``poll_id`` is given by the page, so that sending it twice asks once. ``seen`` is how many
    offices the organiser saw in the preview. Raises Refusal convenings.changed_since_preview
    (facts: seen, now) and those of ``Question.checked`` and ``asked_by``.
    """
    demand(actor, "convening.edit", Where(cohort_id=cohort_id))
    demand(actor, "convening.invite", Where(cohort_id=cohort_id))
    if session.get(Cohort, cohort_id, with_for_update=True) is None:
        raise Refusal("ground.not_found")
    known = session.get(Poll, poll_id) if poll_id else None
    if known is not None:
        return poll(session, cohort_id, known.id)
    question = question.checked(now)
    lines = asked_by(session, cohort_id, question, now)
    if seen is not None and len(lines) != seen:
        raise Refusal("convenings.changed_since_preview", seen=seen, now=len(lines))
    made = Poll(
        id=poll_id or new_id(),
        cohort_id=cohort_id,
        state="open",
        opened_at=now,
        opened_by=actor.id,
        end_reason="",
        roles=list(question.roles),
        **{
            name: getattr(question, name)
            for name in (
                "title_id",
                "title_en",
                "purpose_id",
                "purpose_en",
                "venue",
                "address",
                "timezone",
                "answer_by",
            )
        },
    )
    session.add(made)
    session.flush()
    session.add_all(
        PollDate(poll_id=made.id, n=n, starts_at=starts_at, ends_at=ends_at)
        for n, (starts_at, ends_at) in enumerate(question.dates, start=1)
    )
    session.add_all(
        PollRegion(poll_id=made.id, region_code=code, required=code in question.required)
        for code in dict.fromkeys(line.region.code for line in lines)
    )
    session.flush()
    asks = [(_ask(session, made, line, actor, now), line) for line in lines]
    session.flush()
    mailed = sum(
        post(session, made, ask.id, "poll_asked", line.address.value, line.office, now)
        for ask, line in asks
        if line.address is not None
    )
    record(
        session,
        PollOpened(
            subject=("poll", made.id),
            cohort_id=cohort_id,
            regions=len({line.region.code for line in lines}),
            asked=len(asks),
            mailed=mailed,
        ),
        actor,
        now,
    )
    return made


def by_name(regions: Sequence[Region]) -> list[Region]:
    """In the order that a list shows them."""
    return sorted(regions, key=lambda region: (region.name, region.code))


def _ask(session: Session, made: Poll, line: Whom, actor: Actor, now: dt.datetime) -> PollAsk:
    ask = PollAsk(
        id=new_id(),
        poll_id=made.id,
        region_code=line.region.code,
        generation=1,
        asked_at=now,
        office_id=line.office_id or ensure(session, line, actor, now),
    )
    session.add(ask)
    return ask


def ensure(session: Session, line: Whom, actor: Actor, now: dt.datetime) -> str:
    """The id of an office that may have to be made first."""
    return ensure_office(
        session, role_key=line.role_key, region_code=line.region.code, actor=actor, now=now
    ).id


def post(
    session: Session,
    found: Poll,
    ask_id: str,
    kind: str,
    address: str,
    office: str,
    now: dt.datetime,
) -> bool:
    """Post a message to an office that is asked, once per kind."""
    return outbox.post(
        session,
        key=f"{kind}:{ask_id}",
        kind=kind,
        subject=("poll_ask", ask_id),
        now=now,
        address=address,
        name=office,
        cohort_id=found.cohort_id,
        thread=thread(ask_id),
    )


def must_be_open(found: Poll) -> None:
    """Raises Refusal convenings.poll_decided or poll_cancelled."""
    if found.state == "decided":
        raise Refusal("convenings.poll_decided")
    if found.state == "cancelled":
        raise Refusal("convenings.poll_cancelled")


def locked(session: Session, poll_id: str) -> Poll:
    """The poll, for whoever changes what hangs on it. Raises Refusal ground.not_found."""
    found = session.get(Poll, poll_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Refusal("ground.not_found")
    return found


def _known_roles(session: Session, roles: Sequence[str]) -> None:
    known = {HEAD, DEPUTY_HEAD, *session.scalars(sa.select(Role.key))}
    for role in roles:
        if role not in known:
            raise Refusal("convenings.role_unknown", field="roles", role=role[:40])
