"""Messages about follow-up: what a region carries after a closing, and what came back."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app import filters
from app.extensions import keys
from app.mail import facts
from app.mail.compose import Letter, Overtaken, page
from cohorts.actions.tables import Closing, ClosingItem, Item, ItemEvent, OwnerLink
from cohorts.convenings.tables import Convening
from cohorts.directory.tables import Office
from cohorts.ground.body import Body
from cohorts.ground.links import Links
from cohorts.ground.outbox import Message
from cohorts.programme.tables import Cohort

MOST = 12  # items listed in a mail; the page has all of them


def _owner_link(session: Session, cohort_id: str, office: Office) -> str:
    """The office's link to its region's items; whoever posted the message has made its row."""
    row = session.scalar(
        sa.select(OwnerLink).where(
            OwnerLink.cohort_id == cohort_id, OwnerLink.office_id == office.id
        )
    )
    if row is None:
        raise Overtaken
    return page("owner", Links(keys().link).make("owner", row.id, row.generation))


def closing_digest(session: Session, message: Message) -> Letter:
    """What the closing found unresolved for this office's region, nearest date first."""
    closing = session.get_one(Closing, message.subject_id)
    newer = session.scalar(
        sa.select(Closing.id).where(
            Closing.convening_id == closing.convening_id, Closing.revision > closing.revision
        )
    )
    if newer is not None:
        raise Overtaken
    lang = message.lang
    office = session.get_one(Office, message.facts["office_id"])
    organisation = facts.organisation_of(session, office)
    found = session.execute(
        sa.select(ItemEvent, ClosingItem.carried, Item.number)
        .join(Item, Item.id == ClosingItem.item_id)
        .join(
            ItemEvent,
            sa.and_(ItemEvent.item_id == ClosingItem.item_id, ItemEvent.seq == ClosingItem.seq),
        )
        .where(
            ClosingItem.closing_id == closing.id,
            ClosingItem.unresolved,
            Item.region_code == organisation.region_code,
        )
        .order_by(ItemEvent.due_on, Item.number)
    ).all()
    with force_locale(lang):
        rows = [
            (
                f"TL-{number:03d} {event.title}",
                _(
                    "tenggat %(due)s, dibawa %(count)s kali",
                    due=filters.plain_date(event.due_on, lang) if event.due_on else "–",
                    count=carried,
                ),
            )
            for event, carried, number in found
        ]
    convening = closing.convening
    cohort = session.get_one(Cohort, closing.cohort_id)
    following = session.scalar(
        sa.select(Convening)
        .where(
            Convening.cohort_id == closing.cohort_id,
            Convening.state.in_(("draft", "announced")),
            Convening.starts_at > convening.starts_at,
        )
        .order_by(Convening.starts_at)
        .limit(1)
    )
    zone = facts.zone_of(session, office, convening.timezone)
    return Letter(
        "closing_digest",
        {
            "office": facts.office_title(office, lang),
            "organisation": facts.organisation_name(session, office, lang),
            "convening": facts.convening_name(convening, lang),
            "cohort": facts.cohort_name(cohort, lang),
            "closed_at": facts.occasion(convening, zone, lang).moment(closing.as_of),
            "rows": rows[:MOST],
            "more": max(0, len(rows) - MOST),
            "next": facts.convening_name(following, lang) if following else "",
            "sample": cohort.sample,
            "link": _owner_link(session, cohort.id, office),
        },
    )


def returned(session: Session, message: Message) -> Letter:
    """A claim came back; overtaken when the owner has acted on it since."""
    item = session.get_one(Item, message.subject_id)
    seq = int(message.facts.get("seq", item.version))
    if seq != item.version:
        raise Overtaken
    event = session.scalars(
        sa.select(ItemEvent).where(ItemEvent.item_id == item.id, ItemEvent.seq == seq)
    ).one()
    office_id = message.facts.get("office_id") or event.owner_office_id
    if not office_id:
        raise Overtaken
    office = session.get_one(Office, office_id)
    note = session.get(Body, event.note_id) if event.note_id else None
    cohort = session.get_one(Cohort, item.cohort_id)
    return Letter(
        "item_returned",
        {
            "office": facts.office_title(office, message.lang),
            "number": f"TL-{item.number:03d}",
            "title": event.title,
            "criterion": event.criterion,
            "due": filters.long_date(event.due_on, message.lang) if event.due_on else "–",
            "note": note.text if note and note.text else "",
            "cohort": facts.cohort_name(cohort, message.lang),
            "sample": cohort.sample,
            "link": _owner_link(session, cohort.id, office),
        },
    )
