"""The story of 2022: three convenings with their true days and places, a fourth, and June 2023."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from itertools import groupby
from typing import Literal

from sqlalchemy.orm import Session

from app.demo import acts, cast, facts, fates, follow_up, promises
from app.demo.cast import Drawn
from app.demo.people import draw
from app.demo.post_office import PostOffice
from app.demo.stage import Stage
from cohorts.actions import minute_notes
from cohorts.convenings import convening
from cohorts.ground.access import Actor
from cohorts.ground.clock import at
from cohorts.programme import cohort, scores, visits
from cohorts.turns import close, join, leave, start

SLUG = "kohort-2022"
JAKARTA = "Asia/Jakarta"
NO_SHIFT = timedelta()

ANSWERS = {
    1: acts.Answers(attending=101, delegated=17, declined=4),
    2: acts.Answers(attending=113, delegated=6, declined=3),
    3: acts.Answers(attending=57, delegated=5, declined=0),
    4: acts.Answers(attending=47, delegated=8, declined=5),
}
ABSENT = {1: 0, 2: 0, 3: 0, 4: 0}
GATES = {
    1: ("Pintu utama",),
    2: ("Lobi", "Aula"),
    3: ("Pintu utama", "Pintu timur", "Meja 3", "Meja 4"),
    4: ("Pendopo",),
}
Note = tuple[Literal["discussion", "decision"], str]
NOTES: dict[int, tuple[Note, ...]] = {
    1: (
        ("discussion", "Daerah menyampaikan bahwa penganggaran 2023 sudah berjalan."),
        ("decision", "Setiap daerah menetapkan tim koordinasi sebelum pertemuan di Bali."),
    ),
    2: (
        ("discussion", "Penilaian mandiri dikerjakan bersama, indikator demi indikator."),
        ("decision", "Setiap daerah memilih satu praktik untuk ditiru."),
    ),
    3: (
        ("discussion", "Pembukaan dilakukan menteri lain; rencana semula Menteri Dalam Negeri."),
        ("decision", "Komitmen Bersama ditandatangani; kode kegiatan diseragamkan."),
    ),
    4: (
        ("discussion", "Tiga daerah membagikan cara menyelesaikan kendala pusat data."),
        ("decision", "Pendampingan putaran kedua dimulai April 2023."),
    ),
}


def moment(day: date, hour: int, minute: int = 0, zone: str = JAKARTA) -> datetime:
    """A wall-clock time of the story."""
    return at(day, time(hour, minute), zone)


class Story2022:
    """Tells the finished cohort, step by step."""

    def __init__(self, stage: Stage, post: PostOffice, who: Drawn) -> None:
        self.stage = stage
        self.post = post
        self.who = who
        self.tiers = fates.tiers(who.members, who.visitors)
        self.leaving = fates.leaver(self.tiers, who.visitors)
        self.staying = [code for code in who.members if code != self.leaving]
        keys = follow_up.all_keys(who.members, self.staying)
        self.moves = fates.fates(keys, self.tiers, self.leaving)

    def tell(self) -> None:
        """The whole story; steps that were told before are passed over."""
        self._found()
        self._announce(facts.CONVENINGS[0])
        self._announce(facts.CONVENINGS[1])
        self._convene(1)
        self._announce(facts.CONVENINGS[2])
        self._follow_up(0)
        self._convene(2)
        self._promise()
        self._follow_up(1)
        self._convene(3)
        self._follow_up(2)
        self._announce(facts.CONVENINGS[3])
        self._convene(4)
        self._follow_up(3)

    def _organiser(self, session: Session) -> Actor:
        return cast.actor(session, facts.ORGANISER)

    def _found(self) -> None:
        def tell(session: Session) -> None:
            organiser = self._organiser(session)
            now = cast.BEGUN + timedelta(days=2)
            made = cohort.create(
                session, DESCRIPTION, slug=SLUG, sample=True, actor=organiser, now=now
            )
            cohort.set_threshold(
                session,
                made.id,
                value=Decimal(facts.REFERENCE_INDEX),
                source=facts.REFERENCE_SOURCE,
                effective_on=date(2022, 1, 1),
                actor=organiser,
                now=now,
            )
            add_reference_score(session, organiser, now)
            add_visits(session, made.id, self.who, organiser, now)
            for code in self.who.members:
                high = code in self.who.high_performers
                join.join(
                    session,
                    made.id,
                    code,
                    entry_path="invited_as_high_performer" if high else "visited",
                    joined_on=date(2022, 10, 17),
                    actor=organiser,
                    now=moment(date(2022, 10, 17), 10),
                )

        self.stage.step("62 regions, their visits", cast.BEGUN, tell)

    def _announce(self, planned: facts.Planned) -> None:
        invited = INVITED[planned.number]

        def tell(session: Session) -> None:
            organiser = self._organiser(session)
            zone = planned.place.zone
            door = (
                moment(planned.day, 7, 30, zone),
                moment(planned.last_day, planned.end.hour + 1, 0, zone),
            )
            acts.plan(
                session,
                SLUG,
                planned,
                NO_SHIFT,
                REPLY_BY[planned.number],
                door,
                organiser,
                invited - timedelta(hours=3),
            )
            acts.invite(session, SLUG, planned, organiser, invited)

        self.stage.step(f"convening {planned.number} announced, guests invited", invited, tell)
        self.post.deliver(invited + timedelta(minutes=5))

    def _convene(self, number: int) -> None:
        planned = facts.CONVENINGS[number - 1]
        zone = planned.place.zone
        opened = moment(planned.day, planned.start.hour, planned.start.minute + 5, zone)
        ended = moment(planned.last_day, planned.end.hour, 7 if number == 3 else 0, zone)

        def answer(session: Session) -> None:
            between = (INVITED[number] + timedelta(hours=2), REPLY_BY[number])
            acts.replies(session, SLUG, number, ANSWERS[number], between, self._organiser(session))

        def door(session: Session) -> None:
            organiser = self._organiser(session)
            opens = moment(planned.day, 7, 35, zone)
            ids = acts.gates(session, SLUG, number, GATES[number], organiser, opens)
            acts.come_in(
                session, SLUG, number, ids, (opens, opened + timedelta(minutes=35)), ABSENT[number]
            )

        def run(session: Session) -> None:
            organiser = self._organiser(session)
            made = acts.convening_of(session, SLUG, number)
            start.start(session, made.id, actor=organiser, now=opened)
            _opened_by(session, made.id, planned, organiser, opened)
            if number == 3:
                between = (opened + timedelta(hours=2, minutes=10), opened + timedelta(hours=3))
                promises.sign_all(session, SLUG, between)
            said = ended - timedelta(hours=1, minutes=30)
            follow_up.raise_in(session, SLUG, number, self.staying, NO_SHIFT, organiser, said)
            for kind, words in NOTES[number]:
                minute_notes.write_note(session, made.id, kind, words, actor=organiser, now=said)

        def end(session: Session) -> None:
            made = acts.convening_of(session, SLUG, number)
            close.close(session, made.id, actor=self._organiser(session), now=ended)

        self.stage.step(f"convening {number}: replies", REPLY_BY[number], answer)
        self.post.deliver(REPLY_BY[number])
        self.stage.step(f"convening {number}: the door", opened, door)
        self.stage.step(f"convening {number}: the meeting", opened, run)
        self.stage.step(f"convening {number}: closed", ended, end)
        self.post.deliver(ended + timedelta(minutes=10))

    def _promise(self) -> None:
        published = moment(date(2022, 11, 11), 14)

        def tell(session: Session) -> None:
            organiser = self._organiser(session)
            cast.confirm_heads(session, (*self.who.members, *self.who.guests), organiser, published)
            promises.write_text(session, SLUG, NO_SHIFT, organiser, published)
            promises.offer_to_heads(session, SLUG, self.who.guests, organiser, published)

        self.stage.step("commitment published and offered", published, tell)
        self.post.deliver(published + timedelta(minutes=5))

    def _follow_up(self, window: int) -> None:
        first, last = fates.WINDOWS[window]
        mine = [m for m in self.moves if first <= m.at.date() <= last + timedelta(days=1)]
        for week, group in groupby(mine, key=lambda m: (m.at.date() - first).days // 14):
            part = list(group)
            self.stage.step(
                f"follow-up from {first + timedelta(days=14 * week)}",
                part[-1].at,
                partial(self._move, part=part),
            )
            if window == 2 and part[-1].at.date() >= fates.LEFT_ON:
                self._leave()
        self.post.deliver(moment(last, 17))

    def _move(self, session: Session, part: Sequence[fates.Move]) -> None:
        mentor = cast.actor(session, facts.MENTOR)
        follow_up.tell(session, SLUG, part, self._organiser(session), mentor)

    def _leave(self) -> None:
        now = moment(fates.LEFT_ON, 10)

        def tell(session: Session) -> None:
            leave.leave(
                session,
                acts.cohort_of(session, SLUG).id,
                self.leaving,
                left_on=fates.LEFT_ON,
                reason="Surat kepala daerah: anggaran dialihkan (contoh)",
                actor=self._organiser(session),
                now=now,
            )

        self.stage.step("one region leaves", now, tell)


DESCRIPTION = cohort.Description(
    name_id="Kohort 2022",
    name_en="Cohort 2022",
    purpose_id="Enam puluh dua kabupaten dan kota yang meniru, menerapkan, dan mengukur bersama, "
    "dari pertemuan ke pertemuan. Sasaran: rata-rata indeks dari 2,24 menjadi 3,5 pada 2025.",
    purpose_en="Sixty-two regencies and cities that replicate, apply and measure together, from "
    "convening to convening. Target: the mean index from 2.24 to 3.5 by 2025.",
    starts_on=date(2022, 10, 17),
    reference_region_code=facts.REFERENCE_CODE,
    timezone=JAKARTA,
)

INVITED = {
    1: moment(date(2022, 10, 18), 14),
    2: moment(date(2022, 10, 24), 14),
    3: moment(date(2022, 11, 4), 15, 20),
    4: moment(date(2023, 2, 20), 10),
}
REPLY_BY = {
    1: moment(date(2022, 10, 28), 16),
    2: moment(date(2022, 11, 4), 16),
    3: moment(date(2022, 11, 14), 16),
    4: moment(date(2023, 3, 8), 16),
}


def _opened_by(
    session: Session, convening_id: str, planned: facts.Planned, actor: Actor, now: datetime
) -> None:
    """Plan and actual are both kept: in Bali another minister opened."""
    made = convening.get(session, convening_id)
    wanted = convening.as_planned(made)
    convening.edit(
        session,
        convening_id,
        replace(wanted, opening_actual=planned.opened_by),
        made.version,
        actor,
        now,
    )


def add_reference_score(session: Session, actor: Actor, now: datetime) -> None:
    """Sumedang's index of 2021, the one score of the story: true, official, published."""
    scores.add_score(
        session,
        region_code=facts.REFERENCE_CODE,
        instrument="SPBE-2020",
        year=2021,
        value=Decimal(facts.REFERENCE_INDEX),
        kind="official",
        source=facts.REFERENCE_SOURCE,
        actor=actor,
        now=now,
    )


def add_visits(session: Session, cohort_id: str, who: Drawn, actor: Actor, now: datetime) -> None:
    """Some eighty delegations: 52 regions, some twice, some undated, and a few institutions."""
    dice = draw("visits")
    undated = set(dice.sample(list(who.visitors), 9))
    twice = set(dice.sample(sorted(set(who.visitors) - undated), 22))
    for code in who.visitors:
        days: list[date | None] = [None]
        if code not in undated:
            first = date(2021, 3, 1) + timedelta(days=int(dice.random() * 420))
            days = [first]
            if code in twice:
                days.append(first + timedelta(days=30 + int(dice.random() * 100)))
        for day in days:
            visits.add_visit(
                session,
                cohort_id,
                region_code=code,
                visited_on=day,
                source="Buku tamu Sekretariat Daerah Sumedang (contoh)",
                actor=actor,
                now=now,
            )
    for place in range(6):
        visits.add_visit(
            session,
            cohort_id,
            institution=f"Lembaga Contoh {place + 1}",
            visited_on=date(2022, 2, 3) + timedelta(days=40 * place),
            source="Buku tamu Sekretariat Daerah Sumedang (contoh)",
            actor=actor,
            now=now,
        )
