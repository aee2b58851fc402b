"""Who may open a page. Every view carries exactly one mark; a route without one is not served.

    @open_to("public")            everybody
    @open_to("guest")             whoever holds a personal link; the view reads the token itself
    @open_to("station")           an enrolled station; the view checks its cookie itself
    @open_to("hook")              another machine; the view checks its signature itself
    @needs("convening.invite")    a signed-in person whose grants allow it, there

A test lists every route with its mark (tests/contracts/routes.json): none appears or vanishes
unnoticed.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user

from app.extensions import db
from cohorts.convenings.tables import Convening
from cohorts.ground.access import ACTIONS, PUBLIC, Actor, Where, may
from cohorts.ground.refusal import Refusal

View = TypeVar("View", bound=Callable[..., Any])

AUDIENCES = ("public", "account", "guest", "signer", "station", "hook")
WHERE_ARGUMENTS = ("cohort_id", "convening_id", "region_code")


def open_to(audience: str) -> Callable[[View], View]:
    """Mark a view that needs no account."""
    if audience not in AUDIENCES:
        raise ValueError(f"no such audience: {audience}")

    def mark(view: View) -> View:
        view.audience = audience  # type: ignore[attr-defined]
        return view

    return mark


def needs(action: str) -> Callable[[View], View]:
    """Let in signed-in people who may do ``action`` (a key of cohorts.ground.access.ACTIONS).

    Where it happens is read from the address: cohort_id, convening_id, region_code. Whoever is not
    signed in is sent to the sign-in page and comes back; whoever may not is refused.
    """
    if action not in ACTIONS:
        raise ValueError(f"no such action: {action}")

    def mark(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                back = request.full_path.rstrip("?") if request.method == "GET" else None
                return redirect(url_for("auth.sign_in", next=back))
            verdict = may(actor(), action, where(kwargs))
            if not verdict:
                raise Refusal("ground.not_allowed", reason=verdict.reason)
            return view(*args, **kwargs)

        guarded.audience = "organizer"  # type: ignore[attr-defined]
        guarded.needs = action  # type: ignore[attr-defined]
        return cast(View, guarded)

    return mark


def actor() -> Actor:
    """Return who acts in this request: the signed-in person, else the public."""
    if "actor" not in g:
        g.actor = current_user.actor if current_user.is_authenticated else PUBLIC
    return cast(Actor, g.actor)


def where(arguments: dict[str, Any]) -> Where:
    """Return the place that the address names; a convening brings its cohort with it."""
    named = {name: arguments[name] for name in WHERE_ARGUMENTS if arguments.get(name)}
    if "convening_id" in named and "cohort_id" not in named:
        named["cohort_id"] = db.session.scalar(
            sa.select(Convening.cohort_id).where(Convening.id == named["convening_id"])
        )
    return Where(**named)


def audience_of(view: object) -> str | None:
    """Return the audience that a view function is marked for."""
    return cast("str | None", getattr(view, "audience", None))


def refuse_unmarked() -> None:
    """Answer 404 for a view without a mark: a page forgotten here is a page not served."""
    if request.endpoint in (None, "static"):
        return
    if audience_of(current_app.view_functions.get(str(request.endpoint))) is None:
        abort(404)


def refuse_nul() -> None:
    """Answer 400 to a NUL anywhere in the address or the form: no text holds one, and PostgreSQL
    cannot store it. A hook's body is left alone: its signature is over the bytes, which reading a
    form would use up."""
    if audience_of(current_app.view_functions.get(str(request.endpoint))) == "hook":
        return
    given = [request.path, *request.args.values(), *request.form.values()]
    if any("\x00" in value for value in given):
        abort(400)


def init(app: Flask) -> None:
    """Check the mark and the text of every request before its view."""
    app.before_request(refuse_unmarked)
    app.before_request(refuse_nul)
