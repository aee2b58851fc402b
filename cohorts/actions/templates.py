"""One promise for every member: a template raises an item per region, once."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.actions import authority
from cohorts.actions._append import New, lock_cohort, raise_items
from cohorts.actions.events import TemplateApplied, TemplateMade
from cohorts.actions.items import CRITERION_LIMIT, TITLE_LIMIT
from cohorts.actions.standing import Standing, items_by_id
from cohorts.actions.tables import Item, Template
from cohorts.convenings.tables import Convening
from cohorts.directory.offices import ensure_office
from cohorts.ground import bounds
from cohorts.ground.access import Actor, Where, demand
from cohorts.ground.base import new_id
from cohorts.ground.chronicle import record
from cohorts.ground.clock import day_in
from cohorts.ground.refusal import Refusal
from cohorts.programme.members import open_memberships
from cohorts.programme.tables import Membership


def make_template(
    session: Session,
    cohort_id: str,
    *,
    title: str,
    criterion: str,
    role_key: str,
    due_on: dt.date,
    lead_days: int,
    actor: Actor,
    now: dt.datetime,
    convening_id: str | None = None,
) -> tuple[Template, list[Standing]]:
    """Make a template and raise its item for every member; returns both.

    ``role_key`` is the owner's post at each region ("kepala_daerah" is the head by its type);
    ``lead_days`` is the least time of a region that joins later. Raises Refusal
    actions.template_lead, actions.due_past, actions.not_running, ground.needed, ground.too_long,
    ground.not_allowed.
    """
    demand(
        actor,
        "item.manage",
        Where(cohort_id, convening_id or authority.NOWHERE, authority.NOWHERE),
    )
    cohort = lock_cohort(session, cohort_id)
    if convening_id is not None:
        convening = session.get(Convening, convening_id, populate_existing=True)
        if convening is None or convening.cohort_id != cohort_id:
            raise Refusal("ground.not_found")
        if convening.state != "in_progress":
            raise Refusal("actions.not_running", state=convening.state)
    if not 0 <= lead_days <= 365:
        raise Refusal("actions.template_lead", field="lead_days")
    if due_on < day_in(now, cohort.timezone):
        raise Refusal("actions.due_past", field="due_on")
    made = Template(
        id=new_id(),
        cohort_id=cohort_id,
        convening_id=convening_id,
        title=bounds.needed(title, most=TITLE_LIMIT, field="title"),
        criterion=bounds.lines(criterion, most=CRITERION_LIMIT, field="criterion"),
        role_key=role_key,
        due_on=due_on,
        lead_days=lead_days,
        created_at=now,
        created_by=actor.id,
    )
    if not made.criterion:
        raise Refusal("ground.needed", field="criterion")
    session.add(made)
    session.flush()
    event = TemplateMade(
        subject=("item_template", made.id), cohort_id=cohort_id, role_key=role_key
    )
    record(session, event, actor, now)
    return made, apply_template(session, made.id, actor=actor, now=now)


def apply_template(
    session: Session, template_id: str, *, actor: Actor, now: dt.datetime
) -> list[Standing]:
    """Raise the template's item for every member that has none, and return the new ones. Applying
    it again raises nothing: an item per (template, region), whatever became of it."""
    template = session.get(Template, template_id)
    if template is None:
        raise Refusal("ground.not_found")
    demand(actor, "item.manage", Where(template.cohort_id, authority.NOWHERE, authority.NOWHERE))
    lock_cohort(session, template.cohort_id)
    return _apply(session, template, open_memberships(session, template.cohort_id), actor, now)


def apply_all(
    session: Session, cohort_id: str, membership: Membership, actor: Actor, now: dt.datetime
) -> list[Standing]:
    """Raise the items of every template of the cohort for one region that joins: a turn's part,
    which has asked for the right and holds the cohort's lock."""
    templates = session.scalars(
        sa.select(Template).where(Template.cohort_id == cohort_id).order_by(Template.created_at)
    )
    raised: list[Standing] = []
    for template in templates:
        one = {membership.region_code: membership}
        raised += _apply(session, template, one, actor, now)
    return raised


def templates_of(session: Session, cohort_id: str) -> list[Template]:
    """The cohort's templates, oldest first."""
    return list(
        session.scalars(
            sa.select(Template).where(Template.cohort_id == cohort_id).order_by(Template.created_at)
        )
    )


def due_for(template: Template, membership: Membership) -> dt.date:
    """When the item of this member is due: a region recorded after the template was made gets the
    later of the template's day and joined + lead days (domain rules, section 8)."""
    if membership.recorded_at <= template.created_at:
        return template.due_on
    return max(template.due_on, membership.joined_on + dt.timedelta(days=template.lead_days))


def _apply(
    session: Session,
    template: Template,
    wanted: dict[str, Membership],
    actor: Actor,
    now: dt.datetime,
) -> list[Standing]:
    have = set(
        session.scalars(sa.select(Item.region_code).where(Item.template_id == template.id))
    )
    new = []
    for region_code in sorted(set(wanted) - have):
        due_on = due_for(template, wanted[region_code])
        office = ensure_office(
            session, region_code=region_code, role_key=template.role_key, actor=actor, now=now
        )
        new.append(
            New(
                title=template.title,
                criterion=template.criterion,
                origin="template",
                office=office,
                original_due=due_on,
                due_on=due_on,
                convening_id=template.convening_id,
                template_id=template.id,
                region_code=region_code,
            )
        )
    if not new:
        return []
    ids = raise_items(session, template.cohort_id, new, actor, now)
    record(
        session,
        TemplateApplied(
            subject=("item_template", template.id), cohort_id=template.cohort_id, items=len(ids)
        ),
        actor,
        now,
    )
    found = items_by_id(session, ids)
    return [found[each] for each in ids]
