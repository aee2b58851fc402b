"""Handing a seat over, and what the deputy may do (domain rules, section 4).

At most two steps: the office names a deputy, the deputy may name one more. Attending always goes
with it; speaking and signing are given separately, and never by someone who does not hold them.
When the right to sign takes effect stands in sign_mandates.py.

Mail: ``deputy_link`` {"hand_over_id"} to the deputy's own office where the directory knows an
address.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import chain, guests, names, seats
from cohorts.convenings import heard as hearsay
from cohorts.convenings.chain import SeatState, Step
from cohorts.convenings.events import (
    HandOverRevoked,
    SeatHandedOver,
)
from cohorts.convenings.heard import Heard
from cohorts.convenings.names import Name
from cohorts.convenings.tables import Convening, HandOver, Reply
from cohorts.directory.appointments import holder, holders
from cohorts.directory.contacts import mail_address, normal_value
from cohorts.directory.offices import may_stand, office_name, offices_of, stand_ins
from cohorts.directory.tables import Office, Role
from cohorts.ground import bounds, files, outbox
from cohorts.ground.access import Actor
from cohorts.ground.base import new_id
from cohorts.ground.chronicle import record
from cohorts.ground.clock import day_in
from cohorts.ground.files import Kept
from cohorts.ground.refusal import Refusal


@dataclass(frozen=True)
class Deputy:
    """Who is to come: an office of the directory, whose holder comes, or a named person.

    ``post`` may be left empty where ``office_id`` or ``role_key`` says it.
    """

    office_id: str | None = None
    role_key: str | None = None
    post: str = ""
    name: Name | None = None
    whatsapp: str = ""


@dataclass(frozen=True)
class Choice:
    """A post that may be named as deputy, with its holder where one is known."""

    office_id: str
    office: Office
    holder: chain.Holder


@dataclass(frozen=True)
class Post:
    """A post that may be named with a person of the guest's own; ``office_id`` where it exists."""

    role_key: str
    post: str
    post_en: str
    office_id: str | None


@dataclass(frozen=True)
class Choices:
    """What the form offers: offices whose holder is known, and the posts one may name a person
    for. ``free``: any post may be written."""

    offices: tuple[Choice, ...]
    posts: tuple[Post, ...]
    free: bool


def choices(
    session: Session, state: SeatState, convening: Convening, now: dt.datetime
) -> Choices:
    """Whom the next step may go to: one level below the office, or below the first deputy; for a
    post that the office sends, first of all to that post."""
    above = state.live[-1].role_key if state.live else state.role_key
    allowed = stand_ins(session, above) if above else []
    if sends(state):
        allowed = [session.get_one(Role, state.post_key)]
    free = convening.policy in ("free", "assign") and not sends(state)
    keys = {role.key for role in allowed}
    mine = {state.office_id, *(step.office_id for step in state.live)}
    fitting = [
        office
        for office in (offices_of(session, state.region_code) if state.region_code else [])
        if office.id not in mine and (office.role_key in keys or (free and not keys))
    ]
    held = holders(session, [o.id for o in fitting], day_in(now, convening.timezone))
    known = tuple(
        Choice(o.id, o, chain.Holder(chain.named(held[o.id].person), held[o.id].standing))
        for o in fitting
        if o.id in held
    )
    posts = [Post(o.role_key, o.name, office_name(o, "en"), o.id) for o in fitting]
    there = {post.role_key for post in posts}
    posts += [
        Post(role.key, f"{role.title_id} {state.region or state.organisation}", role.title_en, None)
        for role in allowed
        if role.key not in there
    ]
    return Choices(known, tuple(posts), free)


def hand_over(
    session: Session,
    seat_id: str,
    deputy: Deputy,
    actor: Actor,
    now: dt.datetime,
    *,
    may_speak: bool = True,
    may_sign: bool = False,
    letter: Kept | None = None,
    heard: Heard | None = None,
) -> HandOver:
    """Pass the seat on: by the office (step 1) or by the first deputy (step 2).

    An organiser acts for whoever is next; ``heard`` is what stands behind it. The same hand-over
    twice is one. Allowed by link until the door closes; late after the deadline. Raises Refusal
    convenings.in_person_only, companion_by_name, not_one_level_down, twice_at_most, handed_over,
    right_not_held (facts: right), deputy_may_not_sign, deputy_missing, name_missing,
    ground.too_long, directory.phone_form, and those of ``guests.must_be_open`` and
    ``Heard.checked``.
    """
    convening, state = seats.locked(session, seat_id, now)
    by_proxy = guests.on_behalf(actor, convening)
    guests.must_be_open(convening, state, not by_proxy, now)
    if state.kind == "companion":
        raise Refusal("convenings.companion_by_name")
    if convening.policy == "in_person_only" and not sends(state):
        raise Refusal("convenings.in_person_only")
    giver = _giver(state, actor)
    guests.must_speak_for(actor, state, giver)
    _may_give(convening, giver, may_speak, may_sign)
    wanted = _wanted(session, state, convening, giver, deputy, now)
    step = 2 if giver else 1
    following = next((s for s in state.live if s.step == step), None)
    if following is not None:
        if _same(following, wanted, may_speak, may_sign):
            if state.answer is not None:
                reply = session.get_one(Reply, state.answer.id)
                hearsay.keep(session, reply, heard, actor, now)
            return session.get_one(HandOver, following.id)
        last = state.live[-1]
        raise Refusal("convenings.handed_over", name=last.person.full_name, post=last.post)
    person_id = wanted.person_id or names.add(
        session, wanted.name_needed, actor, now, sample=convening.cohort.sample
    ).id
    made = HandOver(
        id=new_id(),
        seat_id=seat_id,
        step=step,
        parent_id=giver.id if giver else None,
        person_id=person_id,
        office_id=deputy.office_id,
        role_key=wanted.role_key,
        post=wanted.post,
        whatsapp=normal_value("whatsapp", deputy.whatsapp) if deputy.whatsapp.strip() else "",
        may_speak=may_speak,
        may_sign=may_sign,
        letter_sha256=files.register(session, letter, now) if letter else None,
        late=now > convening.reply_by,
        on_behalf=by_proxy,
        at=now,
        actor=actor.id,
    )
    session.add(made)
    session.flush()
    record(
        session,
        SeatHandedOver(
            subject=("invitation", state.invitation_id),
            cohort_id=convening.cohort_id,
            office=state.office,
            post=made.post,
            step=step,
            may_speak=may_speak,
            may_sign=may_sign,
            late=made.late,
            on_behalf=by_proxy,
        ),
        actor,
        now,
    )
    seats.clear_needs(session, seat_id)
    if step == 1 or by_proxy:
        reply = seats.write(session, convening, state, "delegated", actor, now)
        hearsay.keep(session, reply, heard, actor, now)
    seats.give_pass(session, convening, seat_id, person_id, actor, now)
    _post_deputy_link(session, convening, made, now)
    return made


def revoke(
    session: Session, hand_over_id: str, actor: Actor, now: dt.datetime
) -> HandOver:
    """Take a hand-over back; what stands after it falls with it. The seat returns to the giver.

    The office may revoke any of its steps, the first deputy their own and the next, by link until
    the convening begins; an organiser always. Revoking twice is revoking once.
    """
    row, convening, state, step = held(session, hand_over_id, now)
    by_proxy = guests.on_behalf(actor, convening)
    guests.must_speak_for(actor, state, own(actor, step, state))
    if row.revoked_at is not None:
        return row
    if not by_proxy and convening.state not in ("draft", "announced"):
        raise Refusal("convenings.already_started")
    if convening.state == "cancelled":
        raise Refusal("convenings.cancelled")
    seats.clear_needs(session, row.seat_id)
    for falling in state.live:
        if falling.step < row.step:
            continue
        fallen = session.get_one(HandOver, falling.id)
        fallen.revoked_at = now
        fallen.revoked_by = actor.id
        session.flush()
        outbox.supersede(session, thread=f"deputy:{fallen.id}", kinds=("deputy_link",))
        record(
            session,
            HandOverRevoked(
                subject=("invitation", state.invitation_id),
                cohort_id=convening.cohort_id,
                office=state.office,
                post=fallen.post,
                step=fallen.step,
                cascaded=fallen.id != row.id,
            ),
            actor,
            now,
        )
    return row


@dataclass(frozen=True)
class _Wanted:
    person_id: str | None
    name: Name | None
    role_key: str | None
    post: str

    @property
    def name_needed(self) -> Name:
        if self.name is None:
            raise Refusal("convenings.name_missing", field="name")
        return self.name


def _wanted(
    session: Session,
    state: SeatState,
    convening: Convening,
    giver: Step | None,
    deputy: Deputy,
    now: dt.datetime,
) -> _Wanted:
    name = deputy.name.checked() if deputy.name is not None else None
    role_key, post = deputy.role_key, bounds.line(deputy.post, most=200, field="post")
    person_id: str | None = None
    first = giver is None and sends(state)
    narrow = convening.policy == "one_level_down" or first
    if deputy.office_id is not None:
        office = session.get(Office, deputy.office_id)
        if office is None or office.ended_on is not None:
            raise Refusal("convenings.deputy_missing", field="deputy")
        if narrow and office.organisation_id != state.organisation_id:
            raise Refusal("convenings.not_one_level_down", field="deputy", post=office.name)
        held = holder(session, office.id, day_in(now, convening.timezone))
        if name is None or (held is not None and name.is_of(held.person)):
            person_id, name = (held.person_id if held else None), None
        standing = held.standing if held and person_id else "definitive"
        role_key, post = office.role_key, post or chain.PREFIXES[standing] + office.name
    elif role_key is not None:
        role = session.get(Role, role_key)
        if role is None:
            raise Refusal("convenings.deputy_missing", field="deputy")
        post = post or f"{role.title_id} {state.region or state.organisation}"
    if not post:
        raise Refusal("convenings.deputy_missing", field="deputy")
    if person_id is None and name is None:
        raise Refusal("convenings.name_missing", field="name")
    above = giver.role_key if giver else state.role_key
    if first:
        fits = role_key == state.post_key
    else:
        fits = bool(role_key and above and may_stand(session, above, role_key))
    if narrow and not fits:
        raise Refusal("convenings.not_one_level_down", field="deputy", post=post)
    return _Wanted(person_id, name, role_key, post)


def sends(state: SeatState) -> bool:
    """Whether the seat waits for the post that the office sends: naming somebody of that post is
    no deputising, whatever the policy."""
    return state.post_key is not None and not state.live


def _giver(state: SeatState, actor: Actor) -> Step | None:
    """The deputy who passes the seat on, or None when the office does.

    An organiser acts for whoever holds the seat now.
    """
    first = next((s for s in state.live if s.step == 1), None)
    second = next((s for s in state.live if s.step == 2), None)
    if actor.link == "guest":
        if actor.id == f"invitation:{state.invitation_id}":
            return None
        mine = next((s for s in state.steps if actor.id == f"seat:{s.id}"), None)
        if mine is None:
            raise Refusal("ground.not_allowed", reason="not_yours")
        if mine.revoked_at is not None:
            raise Refusal("convenings.hand_over_revoked")
        if mine.step == 2:
            raise Refusal("convenings.twice_at_most")
        return mine
    if second is not None:
        raise Refusal("convenings.twice_at_most")
    return first


def _may_give(convening: Convening, giver: Step | None, may_speak: bool, may_sign: bool) -> None:
    if may_sign and not convening.deputy_may_sign:
        raise Refusal("convenings.deputy_may_not_sign", field="may_sign")
    if giver is not None and may_sign and not giver.may_sign:
        raise Refusal("convenings.right_not_held", field="may_sign", right="sign")
    if giver is not None and may_speak and not giver.may_speak:
        raise Refusal("convenings.right_not_held", field="may_speak", right="speak")


def _same(step: Step, wanted: _Wanted, may_speak: bool, may_sign: bool) -> bool:
    """Whether the form was only sent twice."""
    person = step.person
    who = (
        person.person_id == wanted.person_id
        if wanted.name is None
        else Name(person.name, person.front_title, person.back_title) == wanted.name
    )
    return who and (step.post, step.may_speak, step.may_sign) == (wanted.post, may_speak, may_sign)


def own(actor: Actor, step: Step, state: SeatState) -> Step:
    """The step through which a deputy may touch this one: itself, or the one it came from."""
    parent = next((s for s in state.steps if s.id == step.parent_id), None)
    if parent is not None and actor.id == f"seat:{parent.id}" and parent.revoked_at is None:
        return parent
    return step


def held(
    session: Session, hand_over_id: str, now: dt.datetime
) -> tuple[HandOver, Convening, SeatState, Step]:
    """A hand-over with its seat, held against other changes. Raises Refusal ground.not_found."""
    seat_id = session.scalar(sa.select(HandOver.seat_id).where(HandOver.id == hand_over_id))
    if seat_id is None:
        raise Refusal("ground.not_found")
    convening, state = seats.locked(session, seat_id, now)
    row = session.get_one(HandOver, hand_over_id, populate_existing=True)
    return row, convening, state, next(s for s in state.steps if s.id == hand_over_id)


def _post_deputy_link(
    session: Session, convening: Convening, made: HandOver, now: dt.datetime
) -> None:
    if made.office_id is None:
        return  # the link goes by chat: an address given through a link is never written to
    point = mail_address(session, made.office_id, day_in(now, convening.timezone))
    if point is None:
        return
    outbox.post(
        session,
        key=f"deputy_link:{made.id}",
        kind="deputy_link",
        subject=("hand_over", made.id),
        now=now,
        address=point.value,
        name=made.post,
        cohort_id=convening.cohort_id,
        thread=f"deputy:{made.id}",
        facts={"hand_over_id": made.id},
    )
