"""Very many rows at once, for what must not grow with them. Written past the rules, which make
one at a time; in every state that a list page has to tell apart."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings.tables import Convening, HandOver, Invitation, Reply, Schedule, Seat
from cohorts.directory.tables import (
    Appointment,
    ContactPoint,
    Office,
    Organisation,
    Person,
    PersonMerge,
)
from cohorts.ground.base import new_id
from cohorts.ground.outbox import Message
from tests.build.convenings import START

DAY = dt.timedelta(days=1)
ANSWERS = ("attending", "delegated", "declined", None)


def a_crowd(
    session: Session, convening: Convening, organisation: Organisation, many: int, now: dt.datetime
) -> None:
    """As many offices of one region, invited to one convening: each with a holder, an address, a
    message; every fourth is coming, has handed over, has declined, has not answered. Every fifth
    person is a record that was merged into another one."""
    rows: dict[Any, list[dict[str, Any]]] = {table: [] for table in (
        Person, Office, Appointment, ContactPoint, PersonMerge, Invitation, Seat, HandOver, Reply,
        Message)}
    for n in range(many):
        ids = {name: new_id() for name in ("office", "holder", "deputy", "seat", "invitation")}
        tag = ids["office"]
        answer = ANSWERS[n % 4]
        for who in ("holder", "deputy"):
            rows[Person].append({
                "id": ids[who], "name": f"Nama {tag} Contoh", "search_key": f"nama {tag} contoh",
                "sample": True})
        rows[Office].append({
            "id": tag, "organisation_id": organisation.id, "role_key": "operator", "pool": True,
            "name": f"Operator {tag}", "search_key": f"operator {tag} contoh".lower()})
        rows[Appointment].append({
            "id": new_id(), "office_id": tag, "person_id": ids["holder"], "standing": "definitive",
            "single": False, "from_on": dt.date(2021, 1, 4)})
        rows[ContactPoint].append({
            "id": new_id(), "office_id": tag, "channel": "email", "value": f"{tag}@contoh.example",
            "label": "office", "source": "contoh", "from_on": dt.date(2021, 1, 4),
            "confirmed_at": now, "confirmed_by": "test"})
        if n % 5 == 0:
            rows[PersonMerge].append({
                "id": new_id(), "merged_id": ids["holder"], "n": 1, "kept_id": ids["deputy"],
                "at": now, "actor": "test"})
        rows[Invitation].append({
            "id": ids["invitation"], "convening_id": convening.id, "office_id": tag,
            "invited_at": now, "invited_by": "test"})
        rows[Seat].append({
            "id": ids["seat"], "invitation_id": ids["invitation"], "kind": "office"})
        if answer == "delegated":
            rows[HandOver].append({
                "id": new_id(), "seat_id": ids["seat"], "step": 1, "person_id": ids["deputy"],
                "post": f"Staf {tag}", "may_speak": True, "may_sign": False, "late": False,
                "on_behalf": False, "at": now, "actor": "test"})
        if answer is not None:
            rows[Reply].append({
                "id": new_id(), "seat_id": ids["seat"], "n": 1, "answer": answer,
                "person_id": ids["holder"] if answer == "attending" else None,
                "reason": "ill" if answer == "declined" else None,
                "schedule": convening.schedule, "late": False, "on_behalf": False, "at": now,
                "actor": "test"})
        rows[Message].append({
            "key": f"invitation:{ids['invitation']}:0", "kind": "invitation",
            "address": f"{tag}@contoh.example", "subject_kind": "invitation",
            "subject_id": ids["invitation"], "cohort_id": convening.cohort_id,
            "thread": f"guest:{ids['invitation']}", "facts": {}, "posted_at": now, "due_at": now,
            "state": ("sent", "failed")[n % 7 == 0], "sent_at": now})
    for table, made in rows.items():
        if made:
            session.execute(sa.insert(table), made)


def a_series(session: Session, convening: Convening, many: int, now: dt.datetime) -> None:
    """As many further convenings of the same cohort, one each day, every other one a draft."""
    columns = {c.key: getattr(convening, c.key) for c in sa.inspect(Convening).column_attrs}
    last = session.scalar(sa.select(sa.func.max(Convening.number)).where(
        Convening.cohort_id == convening.cohort_id)) or 0
    made, kept = [], []
    for number in range(last + 1, last + many + 1):
        moved = {name: columns[name] + number * DAY for name in (
            "starts_at", "ends_at", "reply_by", "door_opens_at", "door_closes_at")}
        made.append(columns | moved | {
            "id": new_id(), "number": number, "state": ("draft", "announced")[number % 2]})
        kept.append({
            "convening_id": made[-1]["id"], "n": 1, "starts_at": moved["starts_at"],
            "ends_at": moved["ends_at"], "timezone": convening.timezone, "venue": convening.venue,
            "at": START, "actor": "test"})
    session.execute(sa.insert(Convening), made)
    session.execute(sa.insert(Schedule), kept)
