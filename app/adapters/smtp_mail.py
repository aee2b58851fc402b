"""The SMTP transport: hands each message to a mail server, one connection for a burst of them.

What the server answers decides: 2xx taken; 5xx to this message refused for good, with the server's
words; 4xx and a conversation that breaks off mean "again later". A server that cannot be reached,
greeted, encrypted or signed in to is away: that is nobody's message's fault.
"""

from __future__ import annotations

import smtplib
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass, field

from app.adapters.mime import Away, Mail, Receipt, Refused, as_bytes, message_id, one_line

PATIENCE = 20.0  # seconds for one answer
IN_ALL = 80.0  # seconds for one message: less than the outbox's lease, or another worker takes it
SIGN_IN = (530, 534, 535, 538)  # "sign in first" and its kin: about us, never about a guest
CLOSING = 421


class Later(Exception):  # noqa: N818 - an outcome, not an error
    """The server wants to be asked again later, about this message."""


@dataclass(frozen=True)
class Server:
    """Where the mail server is and how to speak to it; `security`: starttls, tls or none."""

    host: str
    port: int
    security: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)


class _Hasty:
    """A connection that gives one message a total time, however slowly the answers drip."""

    until = float("inf")

    def getreply(self) -> tuple[int, bytes]:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the mail server is too slow")
        if (sock := getattr(self, "sock", None)) is not None:
            sock.settimeout(min(getattr(self, "timeout", PATIENCE), left))
        return super().getreply()  # type: ignore[misc,no-any-return]


class _Plain(_Hasty, smtplib.SMTP):
    pass


class _Encrypted(_Hasty, smtplib.SMTP_SSL):
    pass


class SmtpTransport:
    """Not for use by two threads at once. `patience` is in seconds, for each answer."""

    name = "smtp"

    def __init__(self, server: Server, *, patience: float = PATIENCE) -> None:
        self._server = server
        self._patience = patience
        self._open: _Plain | _Encrypted | None = None
        self._given = False  # whether the server has the message and may take it

    def send(self, mail: Mail) -> Receipt:
        """Hand over one message; the receipt is its Message-ID.

        Raises Refused, Away, or another exception when it is to be tried again later.
        """
        try:
            data = as_bytes(mail)
        except ValueError as why:
            raise Refused(str(why)) from None
        until = time.monotonic() + IN_ALL
        kept = self._open is not None
        try:
            try:
                self._hand_over(mail, data, until)
            except (Away, smtplib.SMTPServerDisconnected):
                # A kept connection may have been closed while nobody was looking. Only before the
                # message itself was given: afterwards, trying at once could double it.
                if not kept or self._given:
                    raise
                self._drop()
                self._hand_over(mail, data, until)
        except (Refused, Later):
            self._reset()
            raise
        except BaseException:
            self._drop()
            raise
        return Receipt(self.name, message_id(mail))

    def rest(self) -> None:
        """Say goodbye; the next message opens a new connection."""
        if self._open is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._open.quit()
        self._drop()

    def _hand_over(self, mail: Mail, data: bytes, until: float) -> None:
        self._given = False
        if self._open is None:
            self._open = self._connect(mail.sender.email.rpartition("@")[2], until)
        smtp = self._open
        smtp.until = until
        sized = [f"size={len(data)}"] if smtp.has_extn("size") else []
        _judge(*smtp.mail(mail.sender.email, sized))
        _judge(*smtp.rcpt(mail.to.email))
        _judge(*smtp.docmd("DATA"), wanted=354)
        self._given = True
        smtp.send(_stuffed(data))
        _judge(*smtp.getreply())

    def _connect(self, own_name: str, until: float) -> _Plain | _Encrypted:
        """Reach, greet, encrypt, sign in. Raises Away when one of them is not possible."""
        server, smtp = self._server, None
        try:
            smtp = self._reach(own_name or "localhost")
            smtp.until = until
            smtp.ehlo_or_helo_if_needed()
            if server.security == "starttls":
                smtp.starttls(context=ssl.create_default_context())
                smtp.ehlo()
            if server.user:
                smtp.login(server.user, server.password)
        except (smtplib.SMTPException, OSError) as why:
            if smtp is not None:
                smtp.close()
            if isinstance(why, smtplib.SMTPResponseException):
                raise Away(_words(why.smtp_code, why.smtp_error)) from None
            raise Away(one_line(f"{type(why).__name__}: {why}")) from None
        return smtp

    def _reach(self, own_name: str) -> _Plain | _Encrypted:
        host, port = self._server.host, self._server.port
        if self._server.security == "tls":
            return _Encrypted(
                host, port, own_name, timeout=self._patience, context=ssl.create_default_context()
            )
        return _Plain(host, port, own_name, timeout=self._patience)

    def _reset(self) -> None:
        """Keep the connection for the next message, if it can be kept."""
        try:
            if self._open is not None and self._open.rset()[0] != 250:
                self._drop()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        if self._open is not None:
            self._open.close()
        self._open = None


def _judge(code: int, said: bytes, wanted: int = 0) -> None:
    """What an answer to this message means; nothing when it is the wanted one."""
    if code == wanted or (not wanted and 200 <= code < 300):
        return
    if code == CLOSING or code in SIGN_IN:
        raise Away(_words(code, said))
    if 500 <= code < 600:
        raise Refused(_words(code, said))
    raise Later(_words(code, said))


def _words(code: int, said: bytes | str) -> str:
    """The server's answer as one line for the organiser."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return one_line(f"{code} {text}")[:200]


def _stuffed(data: bytes) -> bytes:
    """The message as it follows DATA: dots at the start of lines doubled, one dot at the end."""
    lines = data.removesuffix(b"\r\n").split(b"\r\n")
    return b"\r\n".join(b"." + x if x.startswith(b".") else x for x in lines) + b"\r\n.\r\n"
