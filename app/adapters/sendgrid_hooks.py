"""What SendGrid posts to us: signed events of messages, and signed mail that came in.

Nothing here is believed before its signature holds: ECDSA on P-256 with SHA-256 over the timestamp
and the raw bytes of the body, exactly as they came.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import getaddresses
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, MultipartDecoder, NeedData

from cohorts.ground.mail_events import Told

SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"
AGE = timedelta(days=3)  # how long SendGrid repeats what was not taken
PARTS = 60
AHEAD = timedelta(minutes=10)  # how far its clock may be before ours

OUTCOMES = {
    "deferred": "deferred",
    "delivered": "delivered",
    "bounce": "bounced",
    "dropped": "suppressed",
    "spamreport": "reported",
}
"""The events that are kept; opens and clicks are watching people and are not."""

_REFERENCE = re.compile(r"m[0-9]{1,19}-[0-9a-f]{12}")


def genuine(
    key: ec.EllipticCurvePublicKey, signature: str, timestamp: str, raw: bytes, now: datetime
) -> bool:
    """Whether SendGrid has signed these bytes, and not too long ago."""
    if not re.fullmatch(r"[0-9]{1,10}", timestamp):
        return False
    if not now - AGE <= datetime.fromtimestamp(int(timestamp), UTC) <= now + AHEAD:
        return False
    try:
        made = base64.b64decode(signature, validate=True)
        key.verify(made, timestamp.encode() + raw, ec.ECDSA(hashes.SHA256()))
    except (ValueError, InvalidSignature):
        return False
    return True


def told(raw: bytes, now: datetime) -> list[Told]:
    """The events of a batch that say how a message of ours fares; the others are passed over.

    Raises ValueError when the body is not a list in JSON.
    """
    try:
        found = json.loads(raw)
    except RecursionError:
        raise ValueError("not a batch of events") from None
    if not isinstance(found, list):
        raise ValueError("not a batch of events")
    read = [_event(given, now) for given in found if isinstance(given, dict)]
    return [one for one in read if one is not None]


def _event(given: dict[str, Any], now: datetime) -> Told | None:
    outcome = OUTCOMES.get(str(given.get("event")))
    ident, reference, at = given.get("sg_event_id"), given.get("message"), given.get("timestamp")
    if outcome is None or not isinstance(ident, str) or not isinstance(reference, str):
        return None
    if not 1 <= len(ident) <= 100 or not ident.isprintable() or not _REFERENCE.fullmatch(reference):
        return None
    # What came cannot have happened later: a wrong clock must not win over later events for ever.
    moment = now
    if isinstance(at, int) and 0 <= at <= now.timestamp():
        moment = datetime.fromtimestamp(at, UTC)
    said = given.get("reason") or given.get("response") or ""
    # No database keeps NUL, nor half of a letter that was cut in two on its way.
    whole = str(said).encode("utf-8", "replace").decode()
    words = " ".join(whole.replace("\x00", " ").split())
    return Told(ident, reference, outcome, words[:300], moment)


@dataclass(frozen=True)
class Inbound:
    """A mail that came in: its raw bytes, and the addresses that it was sent to."""

    raw: bytes
    to: tuple[str, ...]


def inbound(body: bytes, content_type: str) -> Inbound:
    """Read the form that carries a raw mail, byte for byte: a form decoded as text would mend what
    is broken in it. Raises ValueError when it is no such form."""
    kind, options = parse_options_header(content_type)
    if kind != "multipart/form-data" or not options.get("boundary"):
        raise ValueError("not a form with parts")
    decoder = MultipartDecoder(options["boundary"].encode("latin-1", "replace"), max_parts=PARTS)
    decoder.receive_data(body)
    decoder.receive_data(None)
    fields: dict[str, bytes] = {}
    name = ""
    while not isinstance(event := decoder.next_event(), Epilogue | NeedData):
        if isinstance(event, Field):
            name = event.name
            fields.setdefault(name, b"")
        elif isinstance(event, Data) and name:
            fields[name] += event.data
        else:
            name = ""  # a file: a mail that was taken apart is not what is asked for
    if not fields.get("email"):
        raise ValueError("no raw mail in the form: turn on the raw, full MIME message")
    return Inbound(fields["email"], _recipients(fields))


def _recipients(fields: dict[str, bytes]) -> tuple[str, ...]:
    """Those of the envelope; of the header only where there is none."""
    try:
        envelope = json.loads(fields.get("envelope", b""))
        return tuple(str(one) for one in envelope["to"])
    except (ValueError, KeyError, TypeError, RecursionError):
        header = fields.get("to", b"").decode("utf-8", "replace")
        return tuple(address for _name, address in getaddresses([header]))
