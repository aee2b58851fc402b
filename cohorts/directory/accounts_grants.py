"""Grants: inviting somebody to a role, taking it back, closing an account, inviting again.

The last one who organises a cohort stays until another does, at least as long: whoever leaves is
followed first. Whatever is taken from others locks the rows of all who could follow, so that two
people who remove each other at the same moment cannot both succeed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.directory.accounts import (
    INVITED_LIFETIME,
    add_account,
    address,
    post_password_link,
)
from cohorts.directory.accounts_reach import Place, demand_give, may_give, may_see, place_of
from cohorts.directory.events_accounts import (
    AccountClosed,
    AccountInvited,
    AccountReopened,
    GrantGiven,
    GrantRevoked,
)
from cohorts.directory.tables import Grant, User
from cohorts.ground import chronicle
from cohorts.ground.access import Actor, demand
from cohorts.ground.refusal import Refusal

RESTS = dt.timedelta(minutes=15)
"""An invitation is mailed again no sooner than this after the one before."""
LEADING = ("admin", "organizer")


def everybody(session: Session) -> Sequence[User]:
    """All accounts with their grants, by name; two queries however many there are."""
    return session.scalars(sa.select(User).order_by(User.name, User.id)).all()


def known_to(actor: Actor, user: User, cohort_of: dict[str, str]) -> bool:
    """Whether the actor may know of an account: one without a role, or with one, now or before,
    in a place that the actor sees."""
    return not user.grants or any(may_see(actor, place_of(g, cohort_of)) for g in user.grants)


def account(session: Session, user_id: str, actor: Actor, cohort_of: dict[str, str]) -> User:
    """One account. Raises Refusal ground.not_found, also for one the actor may not know of."""
    user = session.get(User, user_id)
    if user is None or not known_to(actor, user, cohort_of):
        raise Refusal("ground.not_found")
    return user


def link_state(user: User, now: dt.datetime) -> str:
    """How an account stands with its password: closed, set, open (a link is on its way), lapsed
    (the link was not used in time) or none (no link was ever posted)."""
    if not user.active:
        return "closed"
    if user.password_hash is not None:
        return "set"
    if user.password_link_until is None:
        return "none"
    return "open" if user.password_link_until > now else "lapsed"


def invite(
    session: Session,
    *,
    email: str,
    name: str,
    role: str,
    place: Place,
    actor: Actor,
    now: dt.datetime,
    until: dt.datetime | None = None,
    region_code: str | None = None,
    lang: str = "id",
) -> User:
    """Give somebody a role somewhere, until the first instant without it. An unknown address gets
    an account, a closed one is opened again, both with a one-use link by mail; whoever has a
    password gets the role alone. ``name`` and ``region_code`` describe a new account only.

    Raises Refusal ground.not_allowed, ground.needed, ground.too_long and directory.account_address,
    grant_scope, grant_out_of_reach, grant_until_past, grant_known.
    """
    demand_give(actor, role, place)
    if until is not None and until <= now:
        raise Refusal("directory.grant_until_past", field="until")
    kept = address(email)
    user = session.scalar(
        sa.select(User)
        .where(User.email == kept)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if user is None:
        user = add_account(
            session,
            email=kept,
            name=name,
            actor=actor,
            now=now,
            role=role,
            scope=place.scope,
            scope_id=place.id,
            within=place.within,
            region_code=region_code,
            lang=lang,
        )
        user.grants[0].ended_at = until
        session.flush()
    else:
        if not user.active:
            user.active, user.password_hash = True, None
            chronicle.record(session, AccountReopened(subject=("user", user.id)), actor, now)
        _give(session, user, role, place, until, actor, now)
    if user.password_hash is None:
        _mail_link(session, user, actor, now)
    return user


def invite_again(
    session: Session, user_id: str, *, cohort_of: dict[str, str], actor: Actor, now: dt.datetime
) -> User:
    """Mail a new one-use link; the one before ends. ``cohort_of`` leads from convenings to their
    cohorts. Raises Refusal ground.not_found, ground.not_allowed, directory.grant_out_of_reach,
    account_closed, account_in_use (a password is set: its owner asks for links alone) and
    invited_just_now (facts: minutes)."""
    demand(actor, "accounts.manage")
    user = _locked(session, user_id)
    live = [g for g in user.grants if g.holds(now)]
    if not user.active or not live:
        raise Refusal("directory.account_closed")
    if not any(may_give(actor, g.role, place_of(g, cohort_of)) for g in live):
        raise Refusal("directory.grant_out_of_reach")
    if user.password_hash is not None:
        raise Refusal("directory.account_in_use")
    if user.password_link_until is not None:
        wait = user.password_link_until - INVITED_LIFETIME + RESTS - now
        if wait > dt.timedelta():
            raise Refusal("directory.invited_just_now", minutes=-(-wait // dt.timedelta(minutes=1)))
    _mail_link(session, user, actor, now)
    return user


def revoke(
    session: Session, grant_id: str, *, cohort_of: dict[str, str], actor: Actor, now: dt.datetime
) -> Grant:
    """End a grant at once; the page that its holder opens next refuses. Raises Refusal
    ground.not_found, ground.not_allowed, directory.grant_out_of_reach, grant_over,
    last_administrator, last_organizer."""
    demand(actor, "accounts.manage")
    found = session.get(Grant, grant_id)
    if found is None:
        raise Refusal("ground.not_found")
    _end(session, _locked(session, found.user_id), [grant_id], cohort_of, actor, now)
    return found


def close(
    session: Session, user_id: str, *, cohort_of: dict[str, str], actor: Actor, now: dt.datetime
) -> User:
    """Close an account: its grants, its open sessions and its link end. What it did keeps its
    name. Raises Refusal like ``revoke``, and directory.account_closed."""
    demand(actor, "accounts.manage")
    user = _locked(session, user_id)
    if not user.active:
        raise Refusal("directory.account_closed")
    live = [g for g in user.grants if g.holds(now)]
    if any(not may_give(actor, g.role, place_of(g, cohort_of)) for g in live or user.grants):
        raise Refusal("directory.grant_out_of_reach")
    if live:
        _end(session, user, [g.id for g in live], cohort_of, actor, now)
    user.active = False
    user.password_link_until = None
    user.password_generation += 1
    user.session_generation += 1
    session.flush()
    chronicle.record(session, AccountClosed(subject=("user", user.id)), actor, now)
    return user


def _locked(session: Session, user_id: str) -> User:
    user = session.get(User, user_id, with_for_update=True, populate_existing=True)
    if user is None:
        raise Refusal("ground.not_found")
    return user


def _give(
    session: Session,
    user: User,
    role: str,
    place: Place,
    until: dt.datetime | None,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Add a grant. The same one that ends sooner makes room for the longer."""
    for held in user.grants:
        if (held.role, held.scope, held.scope_id) != (role, place.scope, place.id):
            continue
        if held.ended_at is None or (until is not None and held.ended_at >= until > now):
            raise Refusal("directory.grant_known")
        if held.ended_at > now:
            held.ended_at = now
    user.grants.append(
        Grant(
            user_id=user.id,
            role=role,
            scope=place.scope,
            scope_id=place.id,
            given_at=now,
            given_by=actor.id,
            ended_at=until,
        )
    )
    session.flush()
    given = GrantGiven(subject=("user", user.id), role=role, scope=place.scope, scope_id=place.id)
    chronicle.record(session, given, actor, now)


def _end(
    session: Session,
    user: User,
    ids: list[str],
    cohort_of: dict[str, str],
    actor: Actor,
    now: dt.datetime,
) -> None:
    leaders = list(
        session.scalars(
            sa.select(Grant)
            .where(Grant.role.in_(LEADING), sa.or_(Grant.ended_at.is_(None), Grant.ended_at > now))
            .order_by(Grant.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
    leaving = list(
        session.scalars(
            sa.select(Grant)
            .where(Grant.id.in_(ids))
            .order_by(Grant.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
    for grant in leaving:
        if not may_give(actor, grant.role, place_of(grant, cohort_of)):
            raise Refusal("directory.grant_out_of_reach")
        if not grant.holds(now):
            raise Refusal("directory.grant_over")
        if grant.role in LEADING and not any(
            _follows(other, grant) for other in leaders if other.id not in ids
        ):
            raise Refusal(
                "directory.last_administrator"
                if grant.role == "admin"
                else "directory.last_organizer"
            )
    for grant in leaving:
        grant.ended_at = now
        revoked = GrantRevoked(
            subject=("user", user.id), role=grant.role, scope=grant.scope, scope_id=grant.scope_id
        )
        chronicle.record(session, revoked, actor, now)
    session.flush()


def _follows(other: Grant, grant: Grant) -> bool:
    """Whether ``other`` does what ``grant`` did, at least as long. A sample account, which works in
    a trial alone, follows only another one."""
    return (
        other.role == grant.role
        and (other.scope == "all" or (other.scope, other.scope_id) == (grant.scope, grant.scope_id))
        and (
            other.ended_at is None
            or (grant.ended_at is not None and other.ended_at >= grant.ended_at)
        )
        and (grant.user.sample or not other.user.sample)
    )


def _mail_link(session: Session, user: User, actor: Actor, now: dt.datetime) -> None:
    """Post a link that is open for a week."""
    post_password_link(session, user, now, INVITED_LIFETIME)
    chronicle.record(session, AccountInvited(subject=("user", user.id)), actor, now)
