"""What every template can use: built assets, looks of statuses, language switch, filters."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from flask import Flask, current_app, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup, escape
from wtforms import Form

from app import charts, filters, programme_words, status
from app.extensions import db, settings
from app.guard import actor
from app.language import LANGUAGES, language, switch_url
from cohorts.programme.tables import Cohort

Entry = tuple[str, str, dict[str, Any], Any]  # name, endpoint, its values, word
DIST = Path(__file__).resolve().parent / "static" / "dist"


def asset(name: str) -> str:
    """Return the address of a built file by its plain name ("app.css").

    Raises KeyError for a name that is not built. Before the first build the plain name is
    returned, so that the pages work, unstyled, without node.
    """
    manifest = current_app.extensions.get("manifest")
    if manifest is None:
        path = DIST / "manifest.json"
        if not path.exists():
            return url_for("static", filename=f"dist/{name}")
        manifest = json.loads(path.read_text())
        current_app.extensions["manifest"] = manifest
    return url_for("static", filename=f"dist/{cast('dict[str, str]', manifest)[name]}")


def wrong_fields(form: Form) -> list[Any]:
    """Return the fields of ``form`` that have an error, in the order of the form."""
    return [field for field in form if field.errors]


def other_languages() -> list[dict[str, Any]]:
    """Return the language switch: code, name, whether it is on, and where it leads."""
    now = language()
    return [
        {"code": code, "name": name, "on": code == now, "url": switch_url(code)}
        for code, name in LANGUAGES.items()
    ]


def page_exists(endpoint: str) -> bool:
    """Return whether the product has a page of that name."""
    return endpoint in current_app.view_functions


def _entries(wanted: list[Entry]) -> list[dict[str, Any]]:
    return [
        {"name": name, "word": word, "url": url_for(endpoint, **values)}
        for name, endpoint, values, word in wanted
    ]


def public_menu() -> list[dict[str, Any]]:
    """Return the menu of the public pages: name, word, address."""
    desk: Entry = ("organizer", "organizer.home", {}, _("Ruang kerja"))
    door: Entry = ("sign_in", "auth.sign_in", {}, _("Masuk"))
    return _entries([
        *((slug, "public.cohort", {"slug": slug}, name) for slug, name in public_cohorts()),
        ("verify", "public.verify", {}, _("Periksa lembar")),
        ("method", "public.method", {}, _("Cara menghitung")),
        desk if current_user.is_authenticated else door,
    ])


def foot_menu() -> list[dict[str, Any]]:
    """Return the links at the foot of the public pages."""
    return _entries([
        ("method", "public.method", {}, _("Cara menghitung")),
        ("verify", "public.verify", {}, _("Periksa lembar komitmen")),
        ("lost_link", "public.lost_link", {}, _("Kehilangan tautan undangan?")),
        ("privacy", "public.privacy", {}, _("Pemberitahuan privasi")),
    ])


def public_cohorts() -> list[tuple[str, str]]:
    """Return (slug, name in the reader's language) of the cohorts that are shown to everybody."""
    name = Cohort.name_en if language() == "en" else Cohort.name_id
    query = sa.select(Cohort.slug, name).where(Cohort.public).order_by(Cohort.created_at)
    return [(slug, text) for slug, text in db.session.execute(query)]


def _organizer_menu(cohort: Cohort | None) -> list[dict[str, Any]]:
    """Return the organisers' menu; their room knows it, and is loaded after this module."""
    from app.organizer.menu import entries

    return entries(cohort)


def _cohort_in_hand() -> Cohort | None:
    """Return the cohort that a page without one of its own is read for."""
    from app.organizer.menu import at_work_in, in_hand

    return in_hand(at_work_in(actor())) if current_user.is_authenticated else None


def urls_to_links(text: str) -> Markup:
    """Return plain text as markup: paragraphs kept, addresses of this product made clickable."""
    base = str(escape(settings().base_url))
    safe = str(escape(text)).replace("\n", "<br>\n")
    pattern = re.escape(base) + r"/[^\s<&]*"
    linked = re.sub(pattern, lambda m: f'<a href="{m[0]}">{m[0]}</a>', safe)
    return Markup(linked)  # noqa: S704 - escaped above; only our own addresses became links


def full_url(endpoint: str, **values: Any) -> str:
    """Return an address that works outside this browser: with BASE_URL in front."""
    return settings().base_url + url_for(endpoint, **values)


def init(app: Flask) -> None:
    """Give templates their globals, filters and the settings that pages print."""
    env = app.jinja_env
    env.trim_blocks = True
    env.lstrip_blocks = True
    env.policies["ext.i18n.trimmed"] = True
    env.add_extension("jinja2.ext.do")
    filters.init(app)
    env.filters["wrong_fields"] = wrong_fields
    env.filters["urls_to_links"] = urls_to_links
    env.globals.update(
        asset=asset,
        status_look=status.look,
        status_is_flat=status.is_flat,
        full_url=full_url,
        page_exists=page_exists,
        public_menu=public_menu,
        foot_menu=foot_menu,
        charts=charts,
        mail_kind=status.mail_kind,
        organizer_menu=_organizer_menu,
        cohort_in_hand=_cohort_in_hand,
        languages=other_languages,
        said_by=programme_words.said_by,
        session_title=programme_words.titled,
        length_of=programme_words.length_of,
        programme_kinds=programme_words.KIND_WORDS,
        programme_roles=programme_words.ROLE_WORDS,
    )

    @app.context_processor
    def common() -> dict[str, Any]:
        own = settings()
        return {
            "lang": language(),
            "contact_name": own.contact_name,
            "contact_phone": own.contact_phone,
            "organiser_name": own.organiser_name,
            "signed_in": current_user if current_user.is_authenticated else None,
            "endpoint": request.endpoint or "",
        }
