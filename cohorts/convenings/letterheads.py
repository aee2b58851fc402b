"""The kop of an organisation: its names, its address, its emblem.

The picture is checked and made anew by the face before it comes here; the domain keeps its hash.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cohorts.convenings.events import LetterheadSet
from cohorts.convenings.letter_tables import Letterhead
from cohorts.directory import spelling
from cohorts.directory.tables import Organisation
from cohorts.ground import bounds, files
from cohorts.ground.access import Actor, demand
from cohorts.ground.chronicle import record
from cohorts.ground.files import Kept
from cohorts.ground.refusal import Refusal

MOST_NAMES = 4
LIMITS = {"address": 300, "phone": 60, "mail": 254, "site": 120}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Kop:
    """What an organiser says of a letterhead. ``names`` is one line for each line printed, the
    government's first: "Pemerintah Kabupaten Sumedang", "Dinas Komunikasi dan Informatika"."""

    names: str
    address: str = ""
    phone: str = ""
    mail: str = ""
    site: str = ""

    def checked(self) -> Kop:
        """The texts stripped. Raises Refusal ground.needed, ground.too_long, convenings.kop_names
        (facts: limit)."""
        names = lines(self.names, each=200, most=MOST_NAMES, field="names", code="kop_names")
        if not names:
            raise Refusal("ground.needed", field="names")
        texts = {
            name: bounds.line(getattr(self, name), most=limit, field=name)
            for name, limit in LIMITS.items()
        }
        return Kop(names="\n".join(names), **texts)


def lines(value: str, *, each: int, most: int, field: str, code: str) -> list[str]:
    """The lines of a text that are not empty. Raises Refusal ground.too_long for a long one and
    ``convenings.<code>`` (facts: limit) for too many."""
    kept = [bounds.line(one, most=each, field=field) for one in value.splitlines()]
    kept = [one for one in kept if one]
    if len(kept) > most:
        raise Refusal(f"convenings.{code}", field=field, limit=most)
    return kept


def letterheads(session: Session) -> list[Letterhead]:
    """Every letterhead with its organisation, by name."""
    return list(
        session.scalars(
            sa.select(Letterhead)
            .join(Organisation)
            .options(joinedload(Letterhead.organisation))
            .order_by(Organisation.name, Organisation.id)
        )
    )


def set_letterhead(
    session: Session,
    organisation_id: str,
    wanted: Kop,
    version: int,
    actor: Actor,
    now: dt.datetime,
    *,
    emblem: Kept | None = None,
    without_emblem: bool = False,
) -> Letterhead:
    """Write the kop of an organisation; ``version`` is what the editor saw, 0 for a new one.

    A picture given replaces the one before; ``without_emblem`` takes it away. Raises Refusal
    ground.stale and those of ``Kop.checked``.
    """
    demand(actor, "directory.edit")
    organisation = session.get(Organisation, organisation_id, with_for_update=True)
    if organisation is None:
        raise Refusal("ground.not_found")
    wanted = wanted.checked()
    found = session.get(Letterhead, organisation_id, with_for_update=True, populate_existing=True)
    if (found.version if found else 0) != version:
        raise Refusal("ground.stale")
    given = files.register(session, emblem, now) if emblem is not None else None
    if found is None:
        found = Letterhead(organisation_id=organisation_id, version=0)
        session.add(found)
    for name, value in dataclasses.asdict(wanted).items():
        setattr(found, name, value)
    if given is not None or without_emblem:
        found.emblem_sha256 = given
    found.version += 1
    found.changed_at = now
    found.changed_by = actor.id
    session.flush()
    record(
        session,
        LetterheadSet(
            subject=("organisation", organisation_id),
            organisation=organisation.name,
            emblem=found.emblem_sha256 is not None,
        ),
        actor,
        now,
    )
    return found


def without(session: Session, query: str, *, limit: int = 20) -> list[Organisation]:
    """Organisations without a letterhead that fit what was typed ("diskominfo sumedang")."""
    words = spelling.words(query)
    if not words:
        return []
    return list(
        session.scalars(
            sa.select(Organisation)
            .outerjoin(Letterhead)
            .where(
                spelling.fits(Organisation.search_key, words),
                Letterhead.organisation_id.is_(None),
            )
            .order_by(Organisation.name, Organisation.id)
            .limit(limit)
        )
    )


def first_lines(organisation: Organisation) -> str:
    """What the kop of an organisation begins with: a region's is that of its government."""
    region = organisation.region
    return f"Pemerintah {region.full_name}" if region else organisation.name
