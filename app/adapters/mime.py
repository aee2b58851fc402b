"""One message as clients agree on it: mixed{alternative{plain, html, calendar}, application/ics}.

Shared by the transports that send whole messages (files, SMTP); one that takes parts (SendGrid)
reads them from `Mail` itself.
"""

from __future__ import annotations

import email.policy
import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.utils import format_datetime
from typing import Literal, Protocol

POLICY = email.policy.SMTP.clone(max_line_length=78)


@dataclass(frozen=True)
class Party:
    """A name and one plain address; the name may hold commas and quotes."""

    name: str
    email: str


@dataclass(frozen=True)
class Invite:
    """A calendar file and the METHOD that stands both in it and in its MIME type."""

    data: bytes
    method: Literal["REQUEST", "CANCEL"]
    filename: str = "undangan.ics"


@dataclass(frozen=True)
class Attachment:
    """A file that goes along; `kind` is its MIME type."""

    filename: str
    kind: str
    data: bytes


@dataclass(frozen=True)
class Mail:
    """One rendered message to one guest.

    `id` is the outbox row's id: the Message-ID is made from it, so a message that was
    sent twice by accident can be known as the same. `dated` is an aware time.
    """

    id: str
    sender: Party
    to: Party
    subject: str
    text: str
    html: str
    dated: datetime
    invite: Invite | None = None
    attachments: tuple[Attachment, ...] = ()
    headers: tuple[tuple[str, str], ...] = field(default=())
    """Further headers, such as List-Unsubscribe on digests."""


@dataclass(frozen=True)
class Receipt:
    """What a transport answered: accepted for delivery, not delivered."""

    transport: str
    reference: str


class Refused(Exception):  # noqa: N818 - an outcome, not an error
    """The other side will never take this message as it is; says its reason."""


class Away(Exception):  # noqa: N818 - an outcome, not an error
    """The other side takes no message at all just now: says nothing about this one."""


class Transport(Protocol):
    """Takes one message or raises. Refused: never. Away: none now, ask again soon. Any other
    exception: not sent, try this one again later."""

    name: str

    def send(self, mail: Mail) -> Receipt:
        """Hand over one message."""
        ...

    def rest(self) -> None:
        """Nothing more is due: let go of what a burst of messages kept open."""
        ...


def one_line(text: str) -> str:
    """A header's value: no line break and nothing unprintable, spaces folded."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _address(party: Party) -> Address:
    """Never by string formatting: `Ahmad, M.Si <a@b>` unquoted is two recipients.

    Raises ValueError for what is not exactly one ASCII address.
    """
    spec = party.email
    if not spec.isascii() or not spec.isprintable() or " " in spec:
        raise ValueError("not an address that mail can carry")
    return Address(one_line(party.name), addr_spec=spec)


def message_id(mail: Mail) -> str:
    """The same for every sending of the same outbox row."""
    return f"<{mail.id}@{mail.sender.email.rpartition('@')[2]}>"


def build(mail: Mail) -> EmailMessage:
    """The message with its headers; the same mail gives the same bytes.

    Raises ValueError when an address or a header cannot be carried.
    """
    if mail.dated.tzinfo is None:
        raise ValueError("a message carries its time zone")
    message = EmailMessage(policy=POLICY)
    message["From"] = _address(mail.sender)
    message["To"] = _address(mail.to)
    message["Subject"] = one_line(mail.subject)
    message["Date"] = format_datetime(mail.dated.astimezone(UTC))
    message["Message-ID"] = message_id(mail)
    for name, value in mail.headers:
        message[name] = one_line(value)
    message.set_content(mail.text, charset="utf-8", cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", charset="utf-8", cte="quoted-printable")
    if mail.invite:
        # Last of the alternatives and without a disposition: Gmail and Outlook then show
        # their own buttons; the attachment after it serves everybody else.
        message.add_alternative(
            mail.invite.data.decode("ascii"),
            subtype="calendar",
            charset="utf-8",
            cte="base64",
            params={"method": mail.invite.method},
        )
        message.add_attachment(
            mail.invite.data,
            maintype="application",
            subtype="ics",
            filename=mail.invite.filename,
            params={"name": mail.invite.filename},
        )
    for attachment in mail.attachments:
        main, _, sub = attachment.kind.partition("/")
        message.add_attachment(
            attachment.data,
            maintype=main,
            subtype=sub,
            filename=one_line(attachment.filename),
        )
    _fix_boundaries(message, mail.id)
    return message


def _fix_boundaries(message: EmailMessage, seed: str) -> None:
    """Boundaries from the message's id instead of chance, so that bytes repeat."""
    containers = [part for part in message.walk() if part.is_multipart()]
    for number, part in enumerate(containers):
        assert isinstance(part, MIMEPart)
        digest = hashlib.sha256(f"{seed}.{number}".encode()).hexdigest()[:32]
        part.set_boundary(f"=_{digest}")


def as_bytes(mail: Mail) -> bytes:
    """The message as it goes over the wire, CRLF lines."""
    return build(mail).as_bytes(policy=POLICY)
