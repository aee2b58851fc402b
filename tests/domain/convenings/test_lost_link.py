"""A lost link is answered to a confirmed address only."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import _turning, lost_link
from cohorts.directory.tables import ContactPoint
from cohorts.ground.outbox import Message
from tests.build import convenings as build
from tests.build.convenings import HOUR, NOW, ORGANISER, START

ADDRESS = "bupati.14.08@contoh.example"


def sent(session: Session) -> list[Message]:
    return list(
        session.scalars(
            sa.select(Message).where(Message.kind == "link_again").order_by(Message.id)
        )
    )


@pytest.mark.parametrize("typed", [ADDRESS, f"  {ADDRESS.upper()} "])
def test_a_confirmed_address_gets_its_links_however_it_is_written(
    session: Session, typed: str
) -> None:
    invited = build.an_invited_head(session)
    lost_link.ask(session, typed, NOW)
    (message,) = sent(session)
    assert message.address == ADDRESS
    assert message.facts == {"invitations": [invited.invitation.id], "hand_overs": []}


def test_a_deputys_office_gets_the_deputys_link(session: Session) -> None:
    invited = build.an_invited_head(session)
    over = build.a_hand_over(session, invited, NOW)
    lost_link.ask(session, "sekda.14.08@contoh.example", NOW)
    assert sent(session)[0].facts == {"invitations": [], "hand_overs": [over.id]}


@pytest.mark.parametrize("typed", ["", "x" * 5000, "lain@contoh.example", "bukan alamat", ADDRESS])
def test_nobody_else_gets_anything(session: Session, typed: str) -> None:
    build.an_invited_head(session)
    session.execute(sa.update(ContactPoint).values(confirmed_at=None, confirmed_by=None))
    lost_link.ask(session, typed, NOW)
    assert sent(session) == []


def test_asked_twice_within_the_hour_it_is_sent_once(session: Session) -> None:
    build.an_invited_head(session)
    lost_link.ask(session, ADDRESS, NOW)
    lost_link.ask(session, ADDRESS, NOW + HOUR / 4)
    assert len(sent(session)) == 1
    lost_link.ask(session, ADDRESS, NOW + HOUR)
    assert len(sent(session)) == 2


def test_what_is_over_is_not_sent_again(session: Session) -> None:
    invited = build.an_invited_head(session)
    _turning.set_started(session, invited.convening, ORGANISER, START)
    _turning.set_closed(session, invited.convening, ORGANISER, START + 6 * HOUR)
    lost_link.ask(session, ADDRESS, START + 7 * HOUR)
    assert sent(session) == []
