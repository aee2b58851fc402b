"""Tables of the door: stations, every scan, and the acts that count."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cohorts.convenings.tables import Convening
from cohorts.directory.tables import Person
from cohorts.ground.base import APPEND_ONLY, Base, Id, new_id, one_of

ACTS = ("admit", "leave", "return", "undo")
MODES = ("qr", "code", "name")
OUTCOMES = ("admitted", "already", "refused", "undone", "done", "waiting")
CODES = ("unknown", "forged", "revoked", "wrong_convening", "not_open", "closed", "replaced")
CAME = ("admitted", "already")
"""Outcomes of a scan that show the person at the door."""


class Station(Base):
    """A device at a gate. ``generation`` of its link grows when it is enrolled (a one-use QR),
    when a new QR is made and when it is revoked. ``name`` is who stands there."""

    __tablename__ = "station"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(sa.String(80), default="")
    gate: Mapped[str] = mapped_column(sa.String(80))
    may_search: Mapped[bool] = mapped_column(default=True)  # may find a guest by name
    may_undo: Mapped[bool] = mapped_column(default=True)
    generation: Mapped[int] = mapped_column(default=1)
    enrol_until: Mapped[dt.datetime]
    enrolled_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]
    last_seen_at: Mapped[dt.datetime | None]
    unsent: Mapped[int] = mapped_column(default=0)  # as the device last said
    created_at: Mapped[dt.datetime]
    created_by: Mapped[str] = mapped_column(sa.String(40))


class StationConvening(Base):
    __tablename__ = "station_convening"

    station_id: Mapped[str] = mapped_column(sa.ForeignKey(Station.id), primary_key=True)
    convening_id: Mapped[str] = mapped_column(sa.ForeignKey(Convening.id), primary_key=True)


class Scan(Base):
    """Every attempt at a door with the answer it got. ``client_id`` is made by the device: the
    same id sent again gets the same answer.

    ``claimed_at`` is what the device's clock said, ``at`` the same corrected and bounded; a person
    is there from the least (at, client_id) of the scans with which they came and that no later
    undo takes back, so that any order of merging gives the same presence.
    """

    __tablename__ = "scan"
    __table_args__ = (
        one_of("act", ACTS),
        one_of("mode", MODES),
        one_of("outcome", OUTCOMES),
        sa.CheckConstraint("(outcome = 'refused') = (code IS NOT NULL)", name="refused_why"),
        sa.CheckConstraint(
            "code IS NULL OR code IN "
            "('unknown', 'forged', 'revoked', 'wrong_convening', 'not_open', 'closed', 'replaced')",
            name="code_known",
        ),
        sa.CheckConstraint(
            "outcome NOT IN ('admitted', 'already') OR person_id IS NOT NULL", name="somebody_came"
        ),
        sa.Index(None, "convening_id", "received_at"),
        sa.Index(None, "convening_id", "person_id", "part"),
        APPEND_ONLY,
    )

    client_id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    convening_id: Mapped[str] = mapped_column(sa.ForeignKey(Convening.id))
    part: Mapped[str] = mapped_column(sa.String(20))
    station_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Station.id))
    place: Mapped[str] = mapped_column(sa.String(80))
    actor: Mapped[str] = mapped_column(sa.String(40))
    act: Mapped[str] = mapped_column(sa.String(6))
    mode: Mapped[str] = mapped_column(sa.String(6))
    person_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Person.id))
    act_id: Mapped[str | None] = mapped_column(Id)
    outcome: Mapped[str] = mapped_column(sa.String(10))
    code: Mapped[str | None] = mapped_column(sa.String(20))
    claimed_at: Mapped[dt.datetime]
    at: Mapped[dt.datetime]
    received_at: Mapped[dt.datetime]


class Act(Base):
    """What happened at the door: one admission per (day, person, round), whatever the races.

    ``part`` is the day or session it counts for ("2022-11-21"); ``round`` the number of undos
    before it. ``at`` is the corrected time.
    """

    __tablename__ = "act"
    __table_args__ = (
        one_of("kind", ACTS),
        one_of("mode", MODES),
        sa.CheckConstraint("(kind = 'undo') = (undoes_id IS NOT NULL)", name="undo_names_its_act"),
        sa.CheckConstraint("(kind = 'undo') <= (reason <> '')", name="undo_has_reason"),
        sa.Index(
            "uq_act_one_admission",
            "convening_id",
            "part",
            "person_id",
            "round",
            unique=True,
            sqlite_where=sa.text("kind = 'admit'"),
            postgresql_where=sa.text("kind = 'admit'"),
        ),
        sa.Index(None, "person_id"),
        APPEND_ONLY,
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    client_id: Mapped[str] = mapped_column(sa.String(40), unique=True)
    convening_id: Mapped[str] = mapped_column(sa.ForeignKey(Convening.id))
    part: Mapped[str] = mapped_column(sa.String(20))
    person_id: Mapped[str] = mapped_column(sa.ForeignKey(Person.id))
    round: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(6))
    mode: Mapped[str] = mapped_column(sa.String(6))
    undoes_id: Mapped[str | None] = mapped_column(sa.ForeignKey("act.id"), unique=True)
    reason: Mapped[str] = mapped_column(sa.String(200), default="")
    station_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Station.id))
    place: Mapped[str] = mapped_column(sa.String(80))  # the gate's name, as the answer repeats it
    actor: Mapped[str] = mapped_column(sa.String(40))
    at: Mapped[dt.datetime]
    received_at: Mapped[dt.datetime]
