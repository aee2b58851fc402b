"""A programme in words, for every page that shows one: kinds of sessions, who speaks, lengths."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.language import language
from cohorts.convenings.sessions import Entry

KIND_WORDS = {
    "plenary": _l("Pleno"),
    "break": _l("Istirahat"),
    "parallel": _l("Paralel"),
}
ROLE_WORDS = {
    "speaker": _l("Narasumber"),
    "moderator": _l("Moderator"),
    "committee": _l("Panitia"),
}


def said_by(entry: Entry) -> str:
    """Who speaks in a session, in one line; who leads and serves with the word for it."""
    english = language() == "en"
    names = []
    for one in entry.speakers:
        name = one.name_en if english else one.name
        names.append(name if one.role == "speaker" else f"{ROLE_WORDS[one.role]}: {name}")
    return ", ".join(names)


def titled(entry: Entry) -> str:
    """A session's title in the reader's language."""
    return entry.title_en if language() == "en" else entry.title_id


def length_of(minutes: int) -> str:
    """A length in hours and minutes."""
    hours, rest = divmod(minutes, 60)
    words = []
    if hours:
        words.append(str(ngettext("%(n)s jam", "%(n)s jam", hours, n=hours)))
    if rest or not hours:
        words.append(str(ngettext("%(n)s menit", "%(n)s menit", rest, n=rest)))
    return " ".join(words)
