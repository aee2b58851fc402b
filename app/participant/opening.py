"""What a guest's link opens: the office's own page, or that of a deputy."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app import invitation_texts as texts
from app.extensions import db, keys
from app.filters import utc_now
from app.language import language
from app.unit import unit
from cohorts.convenings import chain, guests, mandates, sessions
from cohorts.convenings.chain import SeatState, Step
from cohorts.convenings.tables import Convening, Invitation, Seat
from cohorts.ground import throttle
from cohorts.ground.access import Actor
from cohorts.ground.links import Links
from cohorts.ground.refusal import Refusal
from cohorts.pledges.tables import Pledge, PledgeText

WINDOW = dt.timedelta(minutes=10)
ANSWERS_EACH = 30  # answers, uploads and codes of one link in ten minutes
ANSWERS_IN_ALL = 3000


@dataclass(frozen=True)
class Opened:
    """One seat of an invitation seen through a link; ``seats`` are all of them. ``step`` is the
    deputy's hand-over, None for the office's own link. The office's address of a further seat is
    its token with ``~2``: every page of an invitation is one of that seat too."""

    token: str
    invitation: Invitation
    convening: Convening
    state: SeatState
    seats: tuple[SeatState, ...]
    step: Step | None
    actor: Actor
    now: dt.datetime

    @property
    def seat_id(self) -> str:
        return self.state.seat_id

    @property
    def closed(self) -> bool:
        """Nothing can be answered by link any more."""
        over = self.now > self.convening.door_closes_at
        return over or self.convening.state in ("closed", "cancelled")

    @property
    def late(self) -> bool:
        """The deadline is over; declining and handing over remain until the door closes."""
        return self.now > self.convening.reply_by

    @property
    def office(self) -> str:
        """What the seat is for, in the reader's language: mostly the office invited."""
        return seat_word(self.state)

    @property
    def sends(self) -> bool:
        """Whether the office is to name somebody of the post that it sends."""
        return mandates.sends(self.state)

    @property
    def others(self) -> list[tuple[str, SeatState]]:
        """The further seats of offices, each with its token; only the office's link opens them."""
        if self.step is not None:
            return []
        bare = self.token.partition("~")[0]
        own = [s for s in self.seats if s.kind == "office"]
        named = [(bare if n == 1 else f"{bare}~{n}", s) for n, s in enumerate(own, 1)]
        return [one for one in named if one[1].seat_id != self.state.seat_id]

    @property
    def may_tell(self) -> bool:
        """Whether this link is that of whoever comes, who may say what they need."""
        last = self.state.live[-1].id if self.state.live else None
        mine = self.step.id if self.step is not None else None
        return self.state.wanted and last == mine

    @property
    def companions(self) -> list[SeatState]:
        """The seats of companions, once somebody of the office comes; the office names them."""
        if self.step is not None or not any(s.wanted for s in self.seats if s.kind == "office"):
            return []
        return [s for s in self.seats if s.kind == "companion"]

    @property
    def link(self) -> str:
        """The full address of this page, to be passed on."""
        if self.step is not None:
            return texts.deputy_link(self.step.id)
        return texts.invitation_link(self.invitation.id, self.invitation.generation)


def open_link(token: str) -> Opened:
    """Read a token of either purpose. Unknown, damaged, revoked and withdrawn are one answer after
    the same work: Refusal ground.link_invalid."""
    links = Links(keys().link)
    session = db.session()
    now = utc_now()
    bare, _tilde, number = token.partition("~")
    office = _tried(lambda: guests.invitation_by_link(session, links.read("invitation", bare)))
    deputy = _tried(lambda: guests.hand_over_by_link(session, links.read("seat", token)))
    if office is not None:
        return _opened(session, token, office, None, now, number)
    if deputy is not None:
        invitation = session.get_one(Seat, deputy.seat_id).invitation
        if invitation.withdrawn_at is None:
            return _opened(session, token, invitation, deputy.id, now)
    raise Refusal("ground.link_invalid")


def slow_down(opened: Opened) -> None:
    """Count an act of this link. Raises Refusal ground.too_many (facts: retry_after)."""
    with unit() as session:
        waits = [
            throttle.hit(session, f"guest:{opened.actor.id}", limit=ANSWERS_EACH, every=WINDOW,
                         now=opened.now),
            throttle.hit(session, "guest", limit=ANSWERS_IN_ALL, every=WINDOW, now=opened.now),
        ]
    wait = max((w for w in waits if w is not None), default=None)
    if wait is not None:
        raise Refusal("ground.too_many", retry_after=wait)


def common(opened: Opened) -> dict[str, Any]:
    """What every page of an invitation prints."""
    lang = language()
    convening, state = opened.convening, opened.state
    return {
        "token": opened.token,
        "opened": opened,
        "convening": convening,
        "state": state,
        "title": texts.convening_title(convening, lang),
        "number": texts.convening_number(convening, lang),
        "office": opened.office,
        "invited": texts.office_of(state, lang),
        "seat_word": seat_word,
        "region": texts.region_of(state, lang),
        "days": texts.days(convening, lang),
        "place": texts.place(convening),
        "zone": convening.timezone,
        "own_zone": state.timezone,
        "sample": convening.cohort.sample,
        "programme": sessions.programme(db.session(), convening.id),
        **contact(convening),
    }


def contact(convening: Convening) -> dict[str, str]:
    """The convening's own contact, where it names one, for the foot of the page."""
    found: dict[str, str] = {}
    if convening.contact_name:
        found["contact_name"] = convening.contact_name
        found["contact_phone"] = international(convening.contact_phone)
    return found


def international(phone: str) -> str:
    """A number as wa.me wants it: digits with country code; empty stays empty."""
    digits = "".join(c for c in phone if c.isdigit())
    return f"62{digits[1:]}" if digits.startswith("0") else digits


def seat_word(state: SeatState) -> str:
    """What a seat is for, in the reader's language."""
    return state.seat_en if language() == "en" else state.placed


def post_of(step: Step) -> str:
    """A deputy's post in the reader's language."""
    return step.post_en if language() == "en" else step.post


def signing_token(opened: Opened) -> str | None:
    """The token of the commitment that is offered to this office here, for whoever comes to sign.

    A deputy is led there only if signing was handed over to them, and by a link of their own: they
    sign under their own name, and not before the right has taken effect.
    """
    comer = opened.state.comes
    if comer is None or (opened.step is not None and not opened.step.may_sign):
        return None
    token = signing_token_of(opened.convening.id, opened.state.office_id)
    if token is None or opened.step is None:
        return token
    return Links(keys().link).make("signing", opened.step.id)


def signing_token_of(convening_id: str, office_id: str) -> str | None:
    """The token of the commitment that an office is asked to sign at a convening, if any."""
    pledge = db.session.scalar(
        db.select(Pledge)
        .join(PledgeText, PledgeText.id == Pledge.text_id)
        .where(
            PledgeText.convening_id == convening_id,
            PledgeText.state == "published",
            Pledge.office_id == office_id,
            Pledge.voided_at.is_(None),
        )
        .order_by(PledgeText.version.desc())
        .limit(1)
    )
    if pledge is None:
        return None
    return Links(keys().link).make("signing", pledge.id, pledge.generation)


def _opened(
    session: Session,
    token: str,
    invitation: Invitation,
    hand_over_id: str | None,
    now: dt.datetime,
    number: str = "",
) -> Opened:
    seats = chain.seats(session, at=now, invitation_id=invitation.id, withdrawn=True)
    own = [s for s in seats if s.kind == "office"]
    if hand_over_id is not None:
        own = [s for s in own if any(step.id == hand_over_id for step in s.steps)]
    index = int(number) - 1 if number.isdecimal() and len(number) < 3 else 0
    if index not in range(len(own)) or (number and index == 0):
        raise Refusal("ground.link_invalid")
    state = own[index]
    step = next((s for s in state.steps if s.id == hand_over_id), None)
    actor = (
        guests.office_guest(invitation.id)
        if hand_over_id is None
        else guests.deputy_guest(hand_over_id)
    )
    return Opened(token, invitation, invitation.convening, state, tuple(seats), step, actor, now)


def _tried(look: Any) -> Any:
    try:
        return look()
    except Refusal:
        return None
