"""Render one message of the outbox: subject, text, page, calendar file."""

from __future__ import annotations

import hmac
import re
from base64 import b32encode
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import force_locale
from sqlalchemy.orm import Session

from app.adapters import ics, mime
from app.extensions import keys, settings
from app.language import in_room
from cohorts.convenings import poll_reminders, reminders
from cohorts.ground.outbox import Message, reference

MASK = "•••"


class Overtaken(Exception):  # noqa: N818 - an outcome, not an error
    """The message no longer holds: what it says has been withdrawn or replaced."""


class Unsendable(Exception):  # noqa: N818 - an outcome, not an error
    """The message can never leave as it is, such as one without an address."""


@dataclass(frozen=True)
class Letter:
    """What a kind has read for one message, still without words.

    `template` is a folder below templates/mail; `context` what its three files print.
    """

    template: str
    context: dict[str, Any]
    event: ics.CalendarEvent | None = None
    method: ics.Method = "REQUEST"
    answer: ics.Answer = "NEEDS-ACTION"
    reply_tag: str = ""
    """Id of the invitation that a calendar's reply belongs to; empty without a calendar."""
    attachments: tuple[mime.Attachment, ...] = ()
    headers: tuple[tuple[str, str], ...] = field(default=())


@dataclass(frozen=True)
class Words:
    """A rendered message as a person reads it."""

    subject: str
    text: str
    html: str


PAGES = {
    "invitation": "/u/{}",
    "seat": "/u/{}",
    "pass": "/u/pass/{}",
    "owner": "/u/items/{}",
    "poll": "/u/dates/{}",
    "signing": "/s/{}",
    "affirmation": "/s/affirm/{}",
    "verify": "/v/{}",
    "password": "/auth/set-password/{}",
}
"""Where each kind of link leads. The addresses stand in letters that were sent, so they never
change; a test holds them against the routes."""


_ID, _TAG = 16, 26  # characters of an invitation's id and of the tag behind it


def page(kind: str, token: str) -> str:
    """The full address of a page as it stands in a message: nobody's request is at hand."""
    return settings().base_url + PAGES[kind].format(token)


def reply_address(invitation_id: str) -> str:
    """The sender of one invitation: our address with a tag that only we can make.

    Calendars answer to it, and the tag says for which invitation. Lower case and 130
    bits of HMAC, because mail servers fold the case of what stands before the @.
    """
    local, _, domain = settings().mail_from.rpartition("@")
    domain = settings().reply_domain or domain
    return f"{local}+{invitation_id.lower()}{_tag(invitation_id)}@{domain}"


def read_reply_address(address: str) -> str | None:
    """The invitation whose address this is, whatever case it came back in; None for any other."""
    _local, _, tail = address.rpartition("@")[0].rpartition("+")
    ident, tag = tail[:_ID].upper(), tail[_ID:].lower()
    fits = ident.isascii() and ident.isalnum() and len(tail) == _ID + _TAG
    right = hmac.compare_digest(_tag(ident).encode(), tag.encode("utf-8", "replace"))
    return ident if fits and right else None


def _tag(invitation_id: str) -> str:
    mac = hmac.new(keys().link, f"reply\x00{invitation_id}".encode("utf-8", "replace"), "sha256")
    return b32encode(mac.digest()).decode().lower()[:_TAG]


def words(letter: Letter, lang: str) -> Words:
    """Render the three files of the letter's kind in the recipient's language."""
    lang = lang if lang in ("id", "en") else "id"
    context = {"settings": settings(), "lang": lang, **letter.context}

    def file(name: str, **more: Any) -> str:
        # Not render_template: what it adds to pages (who is signed in) belongs to a request.
        template = current_app.jinja_env.get_template(f"mail/{letter.template}/{name}")
        return template.render(**context, **more)

    with force_locale(lang), in_room("mail"):
        subject = mime.one_line(file("subject.txt"))
        return Words(subject, _tidy(file("body.txt")), file("body.html", subject=subject))


def _tidy(text: str) -> str:
    """No space at the ends of lines, never two empty lines, one line end at the end."""
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines) + "\n"


def compose(session: Session, message: Message, dated: datetime) -> mime.Mail:
    """The whole message, ready for a transport.

    Raises Overtaken when it no longer holds and Unsendable when it cannot ever leave.
    """
    letter = read(session, message)
    if message.kind in reminders.KINDS and not reminders.still_holds(session, message, dated):
        raise Overtaken
    if message.kind == poll_reminders.KIND and not poll_reminders.still_holds(
        session, message, dated
    ):
        raise Overtaken
    if not message.address:
        raise Unsendable("no address")
    said = words(letter, message.lang)
    addressed = message.name or str(letter.context.get("office", ""))
    sender = mime.Party(settings().organiser_name, settings().mail_from)
    invite = None
    if letter.event is not None:
        if letter.reply_tag:
            sender = replace(sender, email=reply_address(letter.reply_tag))
        data = ics.build(
            letter.event,
            ics.Guest(message.address, addressed, letter.answer),
            letter.method,
            ics.Organizer(sender.email, sender.name),
        )
        invite = mime.Invite(data, letter.method)
    return mime.Mail(
        id=reference(message),
        sender=sender,
        to=mime.Party(addressed, message.address),
        subject=said.subject,
        text=said.text,
        html=said.html,
        dated=dated,
        invite=invite,
        attachments=letter.attachments,
        headers=letter.headers,
    )


def read(session: Session, message: Message) -> Letter:
    """What the message says today. Raises Overtaken, or KeyError for an unknown kind."""
    from app.mail.letters import KINDS

    return KINDS[message.kind](session, message)


def preview(session: Session, message: Message, *, mask: bool) -> Words:
    """The message as the organiser's mail page shows it; `mask` hides links and codes.

    A message that no longer holds raises Overtaken, as it would when sent.
    """
    letter = read(session, message)
    if mask:
        hidden = {
            name: MASK if name in ("link", "code") or name.endswith("_link") else value
            for name, value in letter.context.items()
        }
        letter = replace(letter, context=hidden)
    return words(letter, message.lang)
