"""The SendGrid transport: each message as one call of the v3 mail send.

SendGrid writes the MIME itself, from parts: so the calendar is a third content whose type carries
the method, and the same file once more as an attachment. Its charset cannot be set there, which is
why the file is plain ASCII. 202 means queued, not delivered.
"""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any
from urllib.error import URLError

from python_http_client.exceptions import HTTPError
from sendgrid import SendGridAPIClient

from app.adapters.mime import Away, Mail, Party, Receipt, Refused, build, one_line

PATIENCE = 30.0  # seconds for one call
QUEUED = 202
REFUSED = (400, 413)  # this message is wrong; every other refusal is about the account or the hour
SWITCHED_OFF = {
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": {"enable": False},
    "subscription_tracking": {"enable": False},
}


class SendGridTransport:
    """`key` is the API's key; `url` where the API answers; `patience` in seconds."""

    name = "sendgrid"

    def __init__(self, key: str, url: str, *, patience: float = PATIENCE) -> None:
        self._client = SendGridAPIClient(key, host=url).client
        self._patience = patience

    def send(self, mail: Mail) -> Receipt:
        """Hand over one message; the receipt is SendGrid's id for it.

        Raises Refused, Away, or another exception when it is to be tried again later.
        """
        try:
            build(mail)  # the same refusals as everywhere: one plain address, no second header
            body = as_json(mail)
        except ValueError as why:
            raise Refused(str(why)) from None
        try:
            answer = self._client.mail.send.post(request_body=body, timeout=self._patience)
        except HTTPError as why:
            words = one_line(f"{why.status_code} {_said(why.body) or why.reason}")[:200]
            raise (Refused if why.status_code in REFUSED else Away)(words) from None
        except URLError as why:
            raise Away(one_line(str(why.reason))) from None
        if answer.status_code != QUEUED:
            raise Away(f"{answer.status_code} is no answer of a mail send")
        return Receipt(self.name, str(answer.headers.get("X-Message-Id", "")))

    def rest(self) -> None:
        """Each call stands alone: nothing is kept open."""


def as_json(mail: Mail) -> dict[str, Any]:
    """The body of the call. `custom_args` carry the outbox row's id and nothing about a person:
    the event webhook gives it back."""
    content = [
        {"type": "text/plain", "value": mail.text},
        {"type": "text/html", "value": mail.html},
    ]
    files = [_file(a.data, a.kind, a.filename) for a in mail.attachments]
    if mail.invite:
        kind = f"text/calendar; method={mail.invite.method}"
        content.append({"type": kind, "value": mail.invite.data.decode("ascii")})
        files.insert(0, _file(mail.invite.data, "application/ics", mail.invite.filename))
    body: dict[str, Any] = {
        "from": _party(mail.sender),
        "personalizations": [{"to": [_party(mail.to)], "custom_args": {"message": mail.id}}],
        "subject": one_line(mail.subject),
        "content": content,
        "tracking_settings": SWITCHED_OFF,
    }
    if files:
        body["attachments"] = files
    if mail.headers:
        body["headers"] = {name: one_line(value) for name, value in mail.headers}
    return body


def _party(party: Party) -> dict[str, str]:
    name = one_line(party.name).replace('"', "")
    return {"email": party.email, "name": name} if name else {"email": party.email}


def _file(data: bytes, kind: str, filename: str) -> dict[str, str]:
    return {
        "content": b64encode(data).decode(),
        "type": kind,
        "filename": one_line(filename),
        "disposition": "attachment",
    }


def _said(body: bytes | str) -> str:
    """The reasons in SendGrid's answer; empty when it holds none that can be read."""
    try:
        errors = json.loads(body)["errors"]
        return "; ".join(str(error["message"]) for error in errors)
    except (ValueError, KeyError, TypeError):
        return ""
