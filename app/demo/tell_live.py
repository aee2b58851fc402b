"""The story told for today: the same three places, on the eve of the convening in Bali.

Replies are coming in, the deadline is today, the door is open for a rehearsal, the
commitment is offered: a newcomer can do every act for real.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.demo import acts, facts, founding, succession
from app.demo.cast import Drawn
from app.demo.post_office import PostOffice
from app.demo.stage import Stage
from app.demo.story import ANSWERS, INVITED, JAKARTA, JOINED, REPLY_BY, Story, moment
from app.demo.tell_2022 import SLUG as FINISHED
from cohorts.convenings.tables import Convening
from cohorts.ground.clock import at
from cohorts.programme import cohort
from cohorts.programme.tables import Cohort

SLUG = "kohort-berjalan"
EMPTY = "kohort-baru"
SO_FAR = acts.Answers(attending=41, delegated=5, declined=2)
STILL_TO_SEND = timedelta(hours=20)
"""What was posted within this time is left to the worker, so that its files can be read."""


def shift_for(session: Session, now: datetime) -> timedelta:
    """How far the true days move so that Bali is tomorrow; a story once begun keeps its days."""
    first = facts.CONVENINGS[0]
    begun = session.scalar(
        sa.select(Convening.starts_at)
        .join(Cohort, Cohort.id == Convening.cohort_id)
        .where(Cohort.slug == SLUG, Convening.number == 1)
    )
    if begun is not None:
        return begun.astimezone(ZoneInfo(first.place.zone)).date() - first.day
    bali = facts.CONVENINGS[2]
    today = now.astimezone(ZoneInfo(bali.place.zone)).date()
    return today + timedelta(days=1) - bali.day


class StoryLive(Story):
    """Tells the cohort that stands on the eve of Bali."""

    def __init__(
        self, stage: Stage, post: PostOffice, who: Drawn, shift: timedelta, now: datetime
    ) -> None:
        super().__init__(stage, post, who, SLUG, shift)
        self.now = now

    def tell(self) -> None:
        """From the founding five weeks ago to half an hour ago."""
        founded = moment(JOINED + self.shift - timedelta(days=5), 9)
        self.stage.step("62 regions, their visits", founded, self._found)
        self.announce(1)
        self.announce(2)
        self._meet(1)
        bali = facts.CONVENINGS[2].place.zone
        eve = facts.CONVENINGS[2].day + self.shift - timedelta(days=1)
        self.announce(
            3,
            reply_by=at(eve, time(23, 59), bali),
            door=(
                min(self.now - timedelta(hours=1), at(eve, time(6), bali)),
                at(eve + timedelta(days=1), time(17), bali),
            ),
        )
        self.follow(0)
        self._meet(2)
        self.promise(())
        self.follow(1, until=self.now - timedelta(hours=2))
        half_an_hour_ago = self.now - timedelta(minutes=25)
        self.reply(3, SO_FAR, half_an_hour_ago, accept_until=half_an_hour_ago)
        self._succeeded(half_an_hour_ago)
        self.post.deliver(self.now - STILL_TO_SEND)

    def _succeeded(self, now: datetime) -> None:
        """One of those who signed in 2022 was followed by another yesterday."""

        def tell(session: Session) -> None:
            succession.give_way(
                session,
                FINISHED,
                succession.ASKED,
                leaving=self.leaving,
                from_on=now.astimezone(ZoneInfo(JAKARTA)).date() - timedelta(days=1),
                standing="definitive",
                organiser=self.organiser(session),
                now=now,
            )

        self.stage.step("a head gives way to another", now, tell)

    def _meet(self, number: int) -> None:
        until = REPLY_BY[number] + self.shift
        self.reply(number, ANSWERS[number], until)
        self.post.deliver(until + timedelta(hours=4))
        self.convene(number)

    def _found(self, session: Session) -> None:
        organiser = self.organiser(session)
        now = INVITED[1] + self.shift - timedelta(days=6)
        made = cohort.create(
            session,
            cohort.Description(
                name_id="Kohort berjalan",
                name_en="Cohort in progress",
                purpose_id="Kohort contoh yang sedang berjalan: Pertemuan ke-3 di Bali besok pagi. "
                "Semua dapat dicoba di sini.",
                purpose_en="A sample cohort in progress: the third convening, in Bali, is "
                "tomorrow morning. Everything can be tried here.",
                starts_on=JOINED + self.shift,
                reference_region_code=facts.REFERENCE_CODE,
                timezone=JAKARTA,
            ),
            slug=SLUG,
            sample=True,
            actor=organiser,
            now=now,
        )
        founding.set_reference(session, made.id, organiser, now)
        founding.add_visits(session, made.id, self.who, organiser, now)
        joined = JOINED + self.shift
        founding.join_all(session, made.id, self.who, joined, organiser, moment(joined, 10))


def tell_empty(stage: Stage, story: Story, now: datetime) -> None:
    """A cohort with nothing in it yet: what a new organiser sees first."""
    today = now.astimezone(ZoneInfo(JAKARTA)).date()

    def tell(session: Session) -> None:
        cohort.create(
            session,
            cohort.Description(
                name_id="Kohort baru",
                name_en="New cohort",
                purpose_id="Kohort contoh yang masih kosong.",
                purpose_en="A sample cohort that is still empty.",
                starts_on=date(today.year + 1, 1, 1),
                reference_region_code=facts.REFERENCE_CODE,
                timezone=JAKARTA,
            ),
            slug=EMPTY,
            sample=True,
            actor=story.organiser(session),
            now=now,
        )

    stage.step("an empty cohort", now, tell)
