"""The story of 2022: three convenings with their true days and places, a fourth, and June 2023."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.demo import acts, cast, facts, fates, founding, succession
from app.demo.cast import Drawn
from app.demo.post_office import PostOffice
from app.demo.stage import Stage
from app.demo.story import ANSWERS, JAKARTA, JOINED, REPLY_BY, Story, moment
from cohorts.programme import cohort
from cohorts.turns import leave

SLUG = "kohort-2022"

DESCRIPTION = cohort.Description(
    name_id="Kohort 2022",
    name_en="Cohort 2022",
    purpose_id="Enam puluh dua kabupaten dan kota yang meniru, menerapkan, dan mengukur bersama, "
    "dari pertemuan ke pertemuan. Sasaran: rata-rata indeks dari 2,24 menjadi 3,5 pada 2025.",
    purpose_en="Sixty-two regencies and cities that replicate, apply and measure together, from "
    "convening to convening. Target: the mean index from 2.24 to 3.5 by 2025.",
    starts_on=JOINED,
    reference_region_code=facts.REFERENCE_CODE,
    timezone=JAKARTA,
)


class Story2022(Story):
    """Tells the finished cohort, step by step."""

    def __init__(self, stage: Stage, post: PostOffice, who: Drawn) -> None:
        super().__init__(stage, post, who, SLUG, timedelta())

    def tell(self) -> None:
        """From the invitation in October 2022 to the follow-up of June 2023."""
        self.stage.step("62 regions, their visits", cast.BEGUN, self._found)
        self.announce(1)
        self.announce(2)
        self._meet(1)
        self.announce(3)
        self.follow(0)
        self._meet(2)
        self.promise(self.who.guests)
        self.follow(1)
        self._meet(3)
        self.follow(2)
        self.announce(4)
        self._meet(4)
        self.follow(3)
        self._succeeded()
        self.post.deliver(moment(date(2023, 6, 30), 17))

    def _succeeded(self) -> None:
        """In June a penjabat follows one of the heads, and stands to what was signed."""
        first = moment(date(2023, 6, 19), 9)

        def tell(session: Session) -> None:
            succession.give_way(
                session,
                SLUG,
                succession.ANSWERED,
                leaving=self.leaving,
                from_on=first.date(),
                standing="pj",
                organiser=self.organiser(session),
                now=first,
            )

        self.stage.step("a head gives way to a penjabat", first, tell)
        self.post.deliver(first + timedelta(hours=1))
        said = moment(date(2023, 6, 22), 14)
        self.stage.step(
            "the commitment is re-affirmed",
            said,
            lambda session: succession.reaffirm(session, said),
        )

    def _meet(self, number: int) -> None:
        self.reply(number, ANSWERS[number], REPLY_BY[number])
        self.post.deliver(REPLY_BY[number] + timedelta(hours=4))
        self.convene(number)

    def _found(self, session: Session) -> None:
        organiser = self.organiser(session)
        now = cast.BEGUN + timedelta(days=2)
        made = cohort.create(session, DESCRIPTION, slug=SLUG, sample=True, actor=organiser, now=now)
        founding.set_reference(session, made.id, organiser, now)
        founding.add_reference_score(session, organiser, now)
        founding.add_visits(session, made.id, self.who, organiser, now)
        founding.join_all(session, made.id, self.who, JOINED, organiser, moment(JOINED, 10))

    def after(self, window: int, now: datetime) -> None:
        """One region leaves at the end of January: its open items fall, its claims stay."""
        if window != 2 or now.date() < fates.LEFT_ON:
            return
        left = moment(fates.LEFT_ON, 10)

        def tell(session: Session) -> None:
            leave.leave(
                session,
                acts.cohort_of(session, SLUG).id,
                self.leaving,
                left_on=fates.LEFT_ON,
                reason="Surat kepala daerah: anggaran dialihkan (contoh)",
                actor=self.organiser(session),
                now=left,
            )

        self.stage.step("one region leaves", left, tell)
