"""How an invitation is shown to organisers: its chain, its answer, its delivery."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.faces import asset
from app.filters import day_of, short_date
from app.language import language
from app.organizer.forms_guests import REASON_WORDS
from app.organizer.views_mail import shown_state
from app.status import look
from cohorts.convenings.chain import SeatState, Step
from cohorts.directory.spelling import person_words, words
from cohorts.ground.mail_events import MailEvent
from cohorts.ground.outbox import Message

ANSWERS = ("attending", "delegated", "waiting", "declined", "unanswered")
"""By what a guest list is filtered and a group is written to."""
LETTERS = ("missing", "given", "accepted")


@dataclass(frozen=True)
class Row:
    """One line of the list. ``shown`` is the state by the name that the table of statuses knows;
    ``delivery`` likewise, with the message behind it where there is one. ``more`` is how the
    further seats of the invitation stand."""

    state: SeatState
    shown: str
    caption: str
    steps: tuple[Mapping[str, Any], ...]
    delivery: str
    message: Message | None
    letter: str | None
    more: tuple[str, ...] = ()


def row_of(
    state: SeatState, message: Message | None, zone: str, event: MailEvent | None = None
) -> Row:
    """The line of an invitation."""
    return Row(
        state=state,
        shown="outdated" if state.of_old_schedule else state.state,
        caption=_caption(state, zone),
        steps=tuple(steps_of(state, zone)),
        delivery=shown_state(message, event) if message is not None else "no_address",
        message=message,
        letter=letter_of(state),
    )


def office_word(state: SeatState) -> str:
    """The office invited, in the reader's language."""
    return state.office_en if language() == "en" else state.titled


def seat_word(state: SeatState) -> str:
    """What a seat is for, in the reader's language: the office, a post it sends, a companion."""
    return state.seat_en if language() == "en" else state.placed


def with_more(rows: Iterable[Row], seats: Iterable[SeatState]) -> list[Row]:
    """The lines, each with how the further seats of its invitation stand."""
    others: dict[str, list[SeatState]] = {}
    for state in seats:
        others.setdefault(state.invitation_id, []).append(state)
    return [
        replace(row, more=tuple(_more(
            [s for s in others[row.state.invitation_id] if s.seat_id != row.state.seat_id])))
        for row in rows
    ]


def _more(others: list[SeatState]) -> list[str]:
    """How further seats stand, a line each; companions in one."""
    found = []
    for state in others:
        if state.kind == "office":
            said = str(look("reply", state.state).word)
            who = f": {state.comes.person.full_name}" if state.comes else ""
            found.append(f"{seat_word(state)}, {said[:1].lower()}{said[1:]}{who}")
    beside = [state for state in others if state.kind == "companion"]
    if beside:
        taken = sum(state.wanted for state in beside)
        found.append(_("pendamping: %(n)s dari %(of)s kursi", n=taken, of=len(beside)))
    return found


def region_word(state: SeatState) -> str:
    """The region, or whatever organisation the office belongs to."""
    named = state.region_en if language() == "en" else state.region
    return named or state.organisation


def letter_of(state: SeatState) -> str | None:
    """How the surat tugas of whoever comes stands: one of LETTERS; None where none is needed."""
    if not state.live or not state.live[-1].may_sign:
        return None
    last = state.live[-1]
    if last.signs:
        return "accepted"
    return "given" if last.letter_sha256 else "missing"


def fits(row: Row, query: str) -> bool:
    """Whether a line holds every word that was typed; titles in the query do not count."""
    wanted = person_words(query)
    if not wanted:
        return True
    state = row.state
    people = [step.person.name for step in state.steps]
    if state.holder is not None:
        people.append(state.holder.person.name)
    if state.answer is not None and state.answer.person is not None:
        people.append(state.answer.person.name)
    said = "".join(words(" ".join([state.office, state.region or state.organisation, *people])))
    return all(word in said for word in wanted)


def steps_of(state: SeatState, zone: str) -> list[dict[str, Any]]:
    """The chain, first to last, as the macro ``delegation`` takes it."""
    english = language() == "en"
    found: list[dict[str, Any]] = []
    if state.steps:
        holder = state.holder.person.full_name if state.holder else office_word(state)
        what = _("%(office)s, berhalangan", office=office_word(state)) if state.live else (
            office_word(state))
        found.append({"name": holder, "office": what, "icon": "user", "past": True})
    for step in state.steps:
        post = step.post_en if english else step.post
        if step.revoked_at is not None:
            day = short_date(day_of(step.revoked_at, zone), language())
            found.append({"name": step.person.full_name, "past": True, "icon": "ban",
                          "office": _("%(post)s, dicabut %(day)s", post=post, day=day)})
        elif step.id != state.live[-1].id:
            found.append({"name": step.person.full_name, "past": True,
                          "icon": "corner-down-right",
                          "office": _("%(post)s, meneruskan", post=post)})
        else:
            found.append({
                "name": step.person.full_name, "office": post, "past": False,
                "icon": "user-check", "rights": (True, step.may_speak, step.may_sign),
                "note": _note(step)})
    if not state.live and state.comes is not None:
        found.append({
            "name": state.comes.person.full_name, "office": office_word(state), "past": False,
            "icon": "user-check", "rights": (True, True, True)})
    return found


def _note(step: Step) -> Markup | str:
    """What is to be said of the surat tugas; only where signing is wished for."""
    if not step.may_sign:
        return ""
    if step.signs:
        by_code = step.accepted_by == "code"
        word = _("berlaku, dengan kode") if by_code else _("surat tugas diterima")
        return _state("padi", "badge-check", word)
    if step.letter_sha256:
        return _state("kunyit", "paperclip", _("surat tugas menunggu diperiksa"))
    return _state("kunyit", "file-question-mark", _("surat tugas belum ada"))


def _state(tone: str, icon: str, word: str) -> Markup:
    address = f"{asset('icons.svg')}#i-{icon}"
    return Markup(
        '<span class="state tone-{}"><svg class="icon" aria-hidden="true"><use href="{}"/></svg>'
        "{}</span>"
    ).format(tone, address, escape(word))


def _caption(state: SeatState, zone: str) -> str:
    """When it was answered, by whom, and why not."""
    answer = state.answer
    if answer is None or state.says == "unanswered":
        return ""
    parts = [short_date(day_of(answer.at, zone), language())]
    if answer.on_behalf:
        parts.append(_("dicatat sekretariat"))
    if answer.late:
        parts.append(_("terlambat"))
    if answer.reason:
        parts.append(str(REASON_WORDS[answer.reason]).lower())
    return ", ".join(parts)
