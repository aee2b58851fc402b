"""The acts that both stories share: the same three places, told for 2022 or for today.

`shift` moves every true day; the hours and zones of the places stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import groupby
from typing import Literal

from sqlalchemy.orm import Session

from app.demo import acts, cast, facts, fates, follow_up, founding, promises
from app.demo.cast import Drawn
from app.demo.post_office import PostOffice
from app.demo.stage import Stage
from cohorts.actions import minute_notes
from cohorts.convenings import convening
from cohorts.ground.access import Actor
from cohorts.ground.clock import at
from cohorts.ground.files import Kept
from cohorts.turns import close, start

JAKARTA = "Asia/Jakarta"

Note = tuple[Literal["discussion", "decision"], str]
NOTES: dict[int, tuple[Note, ...]] = {
    1: (
        ("discussion", "Daerah menyampaikan bahwa penganggaran tahun depan sudah berjalan."),
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
        ("decision", "Pendampingan putaran kedua dimulai bulan berikutnya."),
    ),
}
GATES = {
    1: ("Pintu utama",),
    2: ("Lobi", "Aula"),
    3: ("Pintu utama", "Pintu timur", "Meja 3", "Meja 4"),
    4: ("Pendopo",),
}
JOINED = date(2022, 10, 17)
PUBLISHED = date(2022, 11, 11)


def moment(day: date, hour: int, minute: int = 0, zone: str = JAKARTA) -> datetime:
    """A wall-clock time of the story."""
    return at(day, time(hour, minute), zone)


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
ANSWERS = {
    1: acts.Answers(attending=101, delegated=17, declined=4),
    2: acts.Answers(attending=113, delegated=6, declined=3),
    3: acts.Answers(attending=57, delegated=5, declined=0),
    4: acts.Answers(attending=47, delegated=8, declined=5),
}


class Story:
    """One telling; its steps are passed over when they were told before."""

    def __init__(
        self, stage: Stage, post: PostOffice, who: Drawn, slug: str, shift: timedelta
    ) -> None:
        self.stage = stage
        self.post = post
        self.who = who
        self.slug = slug
        self.shift = shift
        self.tiers = fates.tiers(who.members, who.visitors)
        self.leaving = fates.leaver(self.tiers, who.visitors)
        self.staying = [code for code in who.members if code != self.leaving]
        keys = follow_up.all_keys(who.members, self.staying)
        self.moves = [
            replace(
                move,
                at=move.at + shift,
                until=move.until + shift if move.until else None,
            )
            for move in fates.fates(keys, self.tiers, self.leaving)
        ]

    def organiser(self, session: Session) -> Actor:
        """Rina Contoh of the secretariat."""
        return cast.actor(session, facts.ORGANISER)

    def announce(
        self,
        number: int,
        *,
        reply_by: datetime | None = None,
        door: tuple[datetime, datetime] | None = None,
    ) -> None:
        """Plan, announce, and invite the posts of every member."""
        planned = facts.CONVENINGS[number - 1]
        invited = INVITED[number] + self.shift
        zone = planned.place.zone
        hours = door or (
            moment(planned.day + self.shift, 7, 30, zone),
            moment(planned.last_day + self.shift, planned.end.hour + 1, 0, zone),
        )

        def tell(session: Session) -> None:
            organiser = self.organiser(session)
            acts.plan(
                session,
                self.slug,
                planned,
                self.shift,
                reply_by or REPLY_BY[number] + self.shift,
                hours,
                organiser,
                invited - timedelta(hours=3),
            )
            acts.invite(session, self.slug, planned, organiser, invited)

        self.stage.step(f"convening {number} announced, guests invited", invited, tell)
        self.post.deliver(invited + timedelta(minutes=5))

    def reply(
        self,
        number: int,
        answers: acts.Answers,
        until: datetime,
        accept_until: datetime = acts.EVER,
    ) -> None:
        """The guests answer between the invitation and `until`; letters of assignment that came
        late still wait to be accepted."""
        letter = self._letter() if number == 3 else None
        between = (INVITED[number] + self.shift + timedelta(hours=2), until)

        def answer(session: Session) -> None:
            acts.replies(
                session,
                self.slug,
                number,
                answers,
                between,
                self.organiser(session),
                letter,
                accept_until,
            )

        self.stage.step(f"convening {number}: replies", until, answer)

    def convene(self, number: int) -> None:
        """The door, the meeting, the closing."""
        planned = facts.CONVENINGS[number - 1]
        zone = planned.place.zone
        day, last = planned.day + self.shift, planned.last_day + self.shift
        opened = moment(day, planned.start.hour, planned.start.minute + 5, zone)
        ended = moment(last, planned.end.hour, 7 if number == 3 else 0, zone)
        opens = moment(day, 7, 35, zone)

        def door(session: Session) -> None:
            ids = acts.gates(
                session, self.slug, number, GATES[number], self.organiser(session), opens
            )
            acts.come_in(
                session, self.slug, number, ids, (opens, opened + timedelta(minutes=35)), 0
            )

        def begin(session: Session) -> None:
            organiser = self.organiser(session)
            made = acts.convening_of(session, self.slug, number)
            start.start(session, made.id, actor=organiser, now=opened)
            _opened_by(session, made.id, planned, organiser, opened)

        def agree(session: Session) -> None:
            organiser = self.organiser(session)
            made = acts.convening_of(session, self.slug, number)
            said = ended - timedelta(hours=1, minutes=30)
            follow_up.raise_in(
                session, self.slug, number, self.staying, self.shift, organiser, said
            )
            for kind, words in NOTES[number]:
                minute_notes.write_note(session, made.id, kind, words, actor=organiser, now=said)

        def end(session: Session) -> None:
            made = acts.convening_of(session, self.slug, number)
            close.close(session, made.id, actor=self.organiser(session), now=ended)

        self.stage.step(f"convening {number}: the door", opened, door)
        self.stage.step(f"convening {number}: started", opened, begin)
        if number == 3:
            self._sign(opened + timedelta(hours=2, minutes=12))
        self.stage.step(f"convening {number}: what is agreed", ended, agree)
        self.stage.step(f"convening {number}: closed", ended, end)
        self.post.deliver(ended + timedelta(minutes=10))

    def promise(self, guests: Sequence[str]) -> None:
        """The commitment is published and offered to every head, and to the guest regions."""
        published = moment(PUBLISHED + self.shift, 14)

        def tell(session: Session) -> None:
            organiser = self.organiser(session)
            if guests:
                heads = (*self.who.members, *guests)
                cast.confirm_heads(session, heads, organiser, published)
            promises.write_text(session, self.slug, self.shift, organiser, published)
            promises.offer_to_heads(session, self.slug, guests, organiser, published)

        self.stage.step("commitment published and offered", published, tell)
        self.post.deliver(published + timedelta(minutes=5))

    def follow(self, window: int, until: datetime | None = None) -> None:
        """What becomes of the items between two closings, two weeks to a step."""
        first = fates.WINDOWS[window][0] + self.shift
        last = fates.WINDOWS[window][1] + self.shift
        mine = [
            move
            for move in self.moves
            if first <= move.at.date() <= last + timedelta(days=1)
            and (until is None or move.at <= until)
        ]
        for weeks, group in groupby(mine, key=lambda m: (m.at.date() - first).days // 14):
            part = list(group)
            self.stage.step(
                f"follow-up from {first + timedelta(days=14 * weeks)}",
                part[-1].at,
                partial(self._move, part=part),
            )
            self.post.deliver(part[-1].at + timedelta(minutes=30))
            self.after(window, part[-1].at)

    def after(self, window: int, now: datetime) -> None:
        """What else happens between the weeks of a window; the stories differ here."""

    def _move(self, session: Session, part: Sequence[fates.Move]) -> None:
        mentor = cast.actor(session, facts.MENTOR)
        follow_up.tell(session, self.slug, part, self.organiser(session), mentor)

    def _sign(self, begin: datetime) -> None:
        """Table after table: codes are sent, and given back within their ten minutes."""
        for table in range(promises.TABLES):
            asked = begin + timedelta(minutes=9 * table)

            def ask(session: Session, table: int = table, asked: datetime = asked) -> None:
                promises.ask_codes(session, promises.at_table(session, self.slug, table), asked)

            def sign(session: Session, table: int = table, asked: datetime = asked) -> None:
                links = promises.at_table(session, self.slug, table)
                promises.sign(session, links, asked + timedelta(minutes=1, seconds=30))

            self.stage.step(f"signing, table {table + 1}: codes", asked, ask)
            self.post.deliver(asked + timedelta(minutes=8))
            self.stage.step(f"signing, table {table + 1}", asked, sign)
        self.post.deliver(begin + timedelta(minutes=9 * promises.TABLES))

    def _letter(self) -> Kept:
        """The assignment letter that deputies bring, kept before the step that registers it."""
        tools = self.post.tools
        printed = tools.printer.letters([founding.assignment_letter()])
        return tools.files.put(printed, "application/pdf")


def _opened_by(
    session: Session, convening_id: str, planned: facts.Planned, actor: Actor, now: datetime
) -> None:
    """Plan and actual are both kept: in Bali another minister opened."""
    made = convening.get(session, convening_id)
    wanted = replace(convening.as_planned(made), opening_actual=planned.opened_by)
    convening.edit(session, convening_id, wanted, made.version, actor, now)
