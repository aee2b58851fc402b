"""A cohort: who it is for, when it runs, and the index that it is measured by."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.directory.regions import region
from cohorts.ground import bounds, chronicle
from cohorts.ground.access import Actor, Where, demand, may
from cohorts.ground.chronicle import ChronicleEntry
from cohorts.ground.clock import day_in
from cohorts.ground.refusal import Refusal
from cohorts.programme.events import CohortCreated, CohortEdited, ThresholdSet
from cohorts.programme.instruments import checked_value
from cohorts.programme.tables import Cohort, Threshold

ZONES = ("Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Description:
    """All that an organiser says of a cohort. English texts fall back to the Indonesian."""

    name_id: str
    starts_on: dt.date
    name_en: str = ""
    purpose_id: str = ""
    purpose_en: str = ""
    ends_on: dt.date | None = None
    reference_region_code: str | None = None
    timezone: str = "Asia/Jakarta"
    public: bool = True

    def checked(self) -> Description:
        """The same with its texts brought into form. Raises Refusal ground.needed,
        ground.too_long, programme.ends_before_it_begins, programme.zone_unknown."""
        name = bounds.needed(self.name_id, most=120, field="name_id")
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise Refusal("programme.ends_before_it_begins", field="ends_on")
        if self.timezone not in ZONES:
            raise Refusal("programme.zone_unknown", field="timezone")
        return dataclasses.replace(
            self,
            name_id=name,
            name_en=bounds.line(self.name_en, most=120, field="name_en") or name,
            purpose_id=bounds.lines(self.purpose_id, most=4000, field="purpose_id"),
            purpose_en=bounds.lines(self.purpose_en, most=4000, field="purpose_en"),
            reference_region_code=self.reference_region_code or None,
        )


FIELDS = tuple(field.name for field in dataclasses.fields(Description))


def create(
    session: Session,
    wanted: Description,
    *,
    slug: str,
    actor: Actor,
    now: dt.datetime,
    sample: bool = False,
) -> Cohort:
    """Set up a cohort. ``slug`` is its public address: letters, digits, hyphens.

    Raises Refusal programme.slug_form, programme.slug_known, directory.region_unknown and those of
    ``Description.checked``.
    """
    demand(actor, "cohort.create")
    address = bounds.needed(slug, most=60, field="slug").lower()
    if not _SLUG.fullmatch(address):
        raise Refusal("programme.slug_form", field="slug")
    if session.scalar(sa.select(Cohort.id).where(Cohort.slug == address)) is not None:
        raise Refusal("programme.slug_known", field="slug")
    checked = wanted.checked()
    if checked.reference_region_code is not None:
        region(session, checked.reference_region_code)
    made = Cohort(
        slug=address,
        sample=sample,
        created_at=now,
        version=1,
        **{name: getattr(checked, name) for name in FIELDS},
    )
    session.add(made)
    session.flush()
    chronicle.record(
        session,
        CohortCreated(subject=("cohort", made.id), cohort_id=made.id, slug=address),
        actor,
        now,
    )
    return made


def edit(
    session: Session,
    cohort_id: str,
    wanted: Description,
    *,
    version: int,
    actor: Actor,
    now: dt.datetime,
) -> Cohort:
    """Change a cohort's description over the version that the editor saw.

    Raises Refusal ground.stale when somebody else was faster: facts ``changed`` maps each field
    that they changed to its value now, ``version`` is the one to save over.
    """
    demand(actor, "cohort.edit", Where(cohort_id=cohort_id))
    found = session.get(Cohort, cohort_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Refusal("ground.not_found")
    checked = wanted.checked()
    changed = {
        name: (getattr(found, name), getattr(checked, name))
        for name in FIELDS
        if getattr(found, name) != getattr(checked, name)
    }
    if not changed:
        return found  # a double click: everything stands already
    if found.version != version:
        since = _changed_since(session, cohort_id, version)
        raise Refusal(
            "ground.stale",
            changed={name: getattr(found, name) for name in FIELDS if name in since},
            version=found.version,
        )
    if checked.reference_region_code is not None:
        region(session, checked.reference_region_code)
    for name, (_before, after) in changed.items():
        setattr(found, name, after)
    found.version += 1
    session.flush()
    chronicle.record(
        session,
        CohortEdited(
            subject=("cohort", found.id),
            cohort_id=found.id,
            version=found.version,
            changed={name: list(pair) for name, pair in changed.items()},
        ),
        actor,
        now,
    )
    return found


def described(found: Cohort) -> Description:
    """What stands now, as the description that an editor begins from."""
    return Description(**{name: getattr(found, name) for name in FIELDS})


def _changed_since(session: Session, cohort_id: str, version: int) -> set[str]:
    told = session.scalars(
        sa.select(ChronicleEntry.data).where(
            ChronicleEntry.subject_kind == "cohort",
            ChronicleEntry.subject_id == cohort_id,
            ChronicleEntry.event == CohortEdited.name,
        )
    )
    return {name for data in told if data["version"] > version for name in data["changed"]}


def set_threshold(
    session: Session,
    cohort_id: str,
    *,
    value: Decimal,
    source: str,
    effective_on: dt.date,
    actor: Actor,
    now: dt.datetime,
    instrument: str = "SPBE-2020",
) -> Threshold:
    """Say which index counts as the reference region's from a day on. Each saying is a row of its
    own, so that a past figure keeps the threshold it was read by. Saying the same again adds
    nothing. Raises Refusal programme.value_off_scale, programme.instrument_unknown."""
    demand(actor, "cohort.edit", Where(cohort_id=cohort_id))
    cohort(session, cohort_id)
    exact = checked_value(instrument, value)
    said = bounds.needed(source, most=300, field="source")
    current = session.scalar(
        _thresholds(cohort_id)
        .where(Threshold.instrument == instrument, Threshold.effective_on == effective_on)
        .limit(1)
    )
    if current is not None and (current.value, current.source) == (exact, said):
        return current
    made = Threshold(
        cohort_id=cohort_id,
        instrument=instrument,
        value=exact,
        source=said,
        effective_on=effective_on,
        recorded_at=now,
        recorded_by=actor.id,
    )
    session.add(made)
    session.flush()
    chronicle.record(
        session,
        ThresholdSet(
            subject=("cohort", cohort_id),
            cohort_id=cohort_id,
            instrument=instrument,
            value=exact,
            effective_on=effective_on,
        ),
        actor,
        now,
    )
    return made


def threshold(session: Session, cohort_id: str, as_of: dt.datetime) -> Threshold | None:
    """The threshold in force at an instant, as it was recorded by then."""
    found = cohort(session, cohort_id)
    return session.scalar(
        _thresholds(cohort_id)
        .where(
            Threshold.recorded_at <= as_of,
            Threshold.effective_on <= day_in(as_of, found.timezone),
        )
        .limit(1)
    )


def thresholds(session: Session, cohort_id: str) -> list[Threshold]:
    """Every threshold that was ever set, the latest first."""
    return list(session.scalars(_thresholds(cohort_id)))


def _thresholds(cohort_id: str) -> sa.Select[Threshold]:
    return (
        sa.select(Threshold)
        .where(Threshold.cohort_id == cohort_id)
        .order_by(Threshold.effective_on.desc(), Threshold.recorded_at.desc(), Threshold.id.desc())
    )


def cohort(session: Session, cohort_id: str) -> Cohort:
    """A cohort. Raises Refusal ground.not_found."""
    found = session.get(Cohort, cohort_id)
    if found is None:
        raise Refusal("ground.not_found")
    return found


def by_slug(session: Session, slug: str) -> Cohort:
    """A cohort by its public address. Raises Refusal ground.not_found."""
    found = session.scalar(sa.select(Cohort).where(Cohort.slug == slug))
    if found is None:
        raise Refusal("ground.not_found")
    return found


def cohorts_for(session: Session, actor: Actor) -> list[Cohort]:
    """The cohorts an actor may see, the latest first."""
    every = session.scalars(sa.select(Cohort).order_by(Cohort.starts_on.desc(), Cohort.name_id))
    return [found for found in every if may(actor, "cohort.see", Where(cohort_id=found.id))]
