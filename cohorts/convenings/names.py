"""Names that guests give: who comes when the directory does not know, or knows it wrongly."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from cohorts.convenings.events import NameOnCardCorrected
from cohorts.directory.people import note_person
from cohorts.directory.spelling import without_titles
from cohorts.directory.tables import Person
from cohorts.ground import bounds
from cohorts.ground.access import Actor
from cohorts.ground.chronicle import record
from cohorts.ground.refusal import Refusal


@dataclass(frozen=True)
class Name:
    """A name in its three fields, as a guest gave it."""

    name: str
    front_title: str = ""
    back_title: str = ""

    def checked(self) -> Name:
        """Without superfluous spaces. Raises Refusal ground.too_long or convenings.name_missing."""
        kept = Name(
            name=bounds.line(self.name, most=120, field="name"),
            front_title=bounds.line(self.front_title, most=60, field="front_title"),
            back_title=bounds.line(self.back_title, most=80, field="back_title").lstrip(", "),
        )
        if not kept.name:
            raise Refusal("convenings.name_missing", field="name")
        return kept

    def is_of(self, person: Person) -> bool:
        """Whether the person is written exactly like this."""
        return (person.front_title, person.name, person.back_title) == (
            self.front_title,
            self.name,
            self.back_title,
        )


def add(
    session: Session, name: Name, actor: Actor, now: dt.datetime, *, sample: bool
) -> Person:
    """A new person whom the directory does not hold in any office. ``name`` is checked."""
    return note_person(
        session,
        name=name.name,
        front_title=name.front_title,
        back_title=name.back_title,
        sample=sample,
        actor=actor,
        now=now,
    )


def correct(
    session: Session,
    person: Person,
    name: Name,
    invitation_id: str,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Rewrite a name that was given through the same invitation, so that the pass stays."""
    person.front_title = name.front_title
    person.name = name.name
    person.back_title = name.back_title
    person.search_key = without_titles(name.name)[:200]
    session.flush()
    record(
        session,
        NameOnCardCorrected(subject=("invitation", invitation_id), person_id=person.id),
        actor,
        now,
    )
