"""What a story begins with: the reference index, the visits, the members; and a sample letter."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.adapters.print import LetterSheet
from app.demo import facts
from app.demo.cast import Drawn
from app.demo.people import draw
from cohorts.ground.access import Actor
from cohorts.ground.clock import at
from cohorts.programme import cohort, scores, visits
from cohorts.programme.tables import Score
from cohorts.turns import join


def join_all(
    session: Session,
    cohort_id: str,
    who: Drawn,
    joined_on: date,
    actor: Actor,
    now: datetime,
) -> None:
    """62 regions become members, each by the way it came."""
    for code in who.members:
        high = code in who.high_performers
        join.join(
            session,
            cohort_id,
            code,
            entry_path="invited_as_high_performer" if high else "visited",
            joined_on=joined_on,
            actor=actor,
            now=now,
        )


def set_reference(session: Session, cohort_id: str, actor: Actor, now: datetime) -> None:
    """The reference region's index as the cohort's threshold; it can be edited."""
    cohort.set_threshold(
        session,
        cohort_id,
        value=Decimal(facts.REFERENCE_INDEX),
        source=facts.REFERENCE_SOURCE,
        effective_on=date(2022, 1, 1),
        actor=actor,
        now=now,
    )


def assignment_letter() -> LetterSheet:
    """A sample surat tugas: what a deputy shows before the right to sign takes effect."""
    return LetterSheet(
        names=["Pemerintah Daerah Contoh"],
        contact=[],
        place="Contoh",
        dated="15 November 2022",
        number="800/001/CONTOH/2022",
        security="Biasa",
        attachment="-",
        subject="Surat tugas",
        to=["Panitia Living Lab"],
        to_place="Tempat",
        opening="Kepala daerah menugaskan Sekretaris Daerah untuk hadir, berbicara, dan "
        "menandatangani atas nama kepala daerah pada:",
        facts=[
            ("Hari, tanggal", "Senin, 21 November 2022"),
            ("Tempat", "Kampus UID, Bali"),
            ("Acara", "Penandatanganan Komitmen Bersama"),
        ],
        delegation="",
        confirmation="Surat tugas ini berlaku pada hari tersebut.",
        link="",
        ending="Demikian surat tugas ini dibuat untuk dilaksanakan.",
        signer_office=["Kepala Daerah"],
        signer_name="Nama Contoh",
        signer_rank="",
        signer_nip="",
        copies=[],
        listed=[],
        programme=[],
        made=at(date(2022, 11, 15), time(9), "Asia/Jakarta"),
        sample=True,
    )


def add_reference_score(session: Session, actor: Actor, now: datetime) -> None:
    """Sumedang's index of 2021, the one score of the story: true, official, published."""
    if session.scalar(sa.select(Score.id).where(Score.region_code == facts.REFERENCE_CODE)):
        return
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
