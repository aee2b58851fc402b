"""Two post offices on this machine that speak the real thing: SMTP, and SendGrid's mail send with
the webhooks that it posts back, signed."""

from __future__ import annotations

import base64
import datetime as dt
import ipaddress
import json
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.product import free_port


class PostOffice:
    """A mail server that can be stopped and started on one port, and told how to answer.

    `to_sender`, `to_guest` and `to_message` give the answer to MAIL, RCPT and the message for one
    address ("" means: as usual). `taken` holds what was accepted: recipient and bytes.
    """

    def __init__(self, **options: Any) -> None:
        self.port = free_port()
        self.taken: list[tuple[str, bytes]] = []
        self.connections = 0
        self.to_sender: Callable[[str], str] = lambda _: ""
        self.to_guest: Callable[[str], str] = lambda _: ""
        self.to_message: Callable[[str], str] = lambda _: ""
        self._options = options
        self._controller: Controller | None = None

    def start(self) -> PostOffice:
        self._controller = Controller(
            self, hostname="127.0.0.1", port=self.port, ready_timeout=20, **self._options)
        self._controller.start()
        return self

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
        self._controller = None

    @property
    def guests(self) -> list[str]:
        """Who got a message, in order; twice when it came twice."""
        return [to for to, _ in self.taken]

    def message(self, number: int = 0) -> EmailMessage:
        read = message_from_bytes(self.taken[number][1], policy=policy.default)
        assert isinstance(read, EmailMessage)
        return read

    # What aiosmtpd calls.

    async def handle_EHLO(
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self, _server: Any, _session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.to_sender(address)
        if not answer:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer or "250 OK"

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.to_guest(address)
        if not answer:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        (guest,) = envelope.rcpt_tos
        answer = self.to_message(guest)
        if not answer:
            assert isinstance(envelope.content, bytes)
            self.taken.append((guest, envelope.content))
        return answer or "250 OK"


def asks_for(user: str, password: str) -> Callable[..., AuthResult]:
    """An authenticator that knows one person."""

    def check(_server: Any, _session: Any, _envelope: Any, _how: str, given: Any) -> AuthResult:
        right = isinstance(given, LoginPassword) and (
            given.login, given.password) == (user.encode(), password.encode())
        return AuthResult(success=right, handled=False)

    return check


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for this machine: its file, for whoever trusts it, and a server's context."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name)
        .public_key(key.public_key()).serial_number(1)
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([
            x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "server.pem", folder / "server.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return public, context


class SendGridPeer:
    """Speaks v3 mail send: checks the key and the shape, answers 202 with an id, or as told.

    `answer` gives (status, body) for one call's JSON, or None for the usual.
    """

    def __init__(self, key: str) -> None:
        self.key = key
        self.calls: list[dict[str, Any]] = []
        self.answer: Callable[[dict[str, Any]], tuple[int, bytes] | None] = lambda _: None
        self.slow = 0.0
        peer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if peer.slow:
                    time.sleep(peer.slow)
                status, said = peer.judge(self.path, self.headers.get("Authorization", ""), body)
                self.send_response(status)
                self.send_header("Content-Length", str(len(said)))
                if status == 202:
                    self.send_header("X-Message-Id", f"peer.{len(peer.calls)}")
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_given: object) -> None:
                """Say nothing: the key stands in the headers."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def judge(self, path: str, authorization: str, body: dict[str, Any]) -> tuple[int, bytes]:
        if path != "/v3/mail/send":
            return 404, b""
        if authorization != f"Bearer {self.key}":
            return 401, _errors("The provided authorization grant is invalid")
        if (told := self.answer(body)) is not None:
            return told
        kinds = [part["type"].partition(";")[0] for part in body["content"]]
        if kinds[:2] != ["text/plain", "text/html"] or not all(p["value"] for p in body["content"]):
            return 400, _errors("content must be text/plain, then text/html, then the rest")
        self.calls.append(body)
        return 202, b""

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _errors(message: str) -> bytes:
    return json.dumps({"errors": [{"message": message, "field": None}]}).encode()


class SendGridHooks:
    """Posts what SendGrid posts, to whichever server runs: signed over timestamp and raw bytes.

    `public` is the verification key as SendGrid shows it, and as the settings take it.
    """

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.public = base64.b64encode(self._key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)).decode()

    def signed(self, raw: bytes, at: dt.datetime) -> dict[str, str]:
        """The headers that make these bytes genuine."""
        stamp = str(int(at.timestamp()))
        made = self._key.sign(stamp.encode() + raw, ec.ECDSA(hashes.SHA256()))
        return {
            "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(made).decode(),
            "X-Twilio-Email-Event-Webhook-Timestamp": stamp,
        }

    def post(self, url: str, raw: bytes, at: dt.datetime, **headers: str) -> int:
        """Post to a running product; the status of its answer."""
        given = {"Content-Type": "application/json", **self.signed(raw, at), **headers}
        try:
            with urllib.request.urlopen(
                    urllib.request.Request(url, raw, given), timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as why:
            return why.code


def events(*given: dict[str, Any]) -> bytes:
    """A batch as SendGrid writes it: fields we never read stand in it as well."""
    return json.dumps([
        {"email": "bupati@contoh.id", "smtp-id": "<x@geopod>", "ip": "198.51.100.7", **one}
        for one in given], indent=None, separators=(", ", ":")).encode()


def inbound_form(raw: bytes, *to: str, field: str = "email") -> tuple[bytes, str]:
    """The form that inbound parse posts with the raw mail in it, byte for byte, and its type."""
    edge = "xYzZY"
    parts = {
        "dkim": b"{@contoh.id : pass}", field: raw, "to": ", ".join(to).encode(),
        "envelope": json.dumps({"to": list(to), "from": "ajudan@contoh.id"}).encode(),
        "charsets": b'{"to":"UTF-8"}', "SPF": b"pass", "sender_ip": b"198.51.100.9",
    }
    body = b"".join(
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value
        + b"\r\n" for name, value in parts.items())
    return body + f"--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"
