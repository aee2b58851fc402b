"""Everything that can be set from outside, in one place.

``Settings.from_environ()`` reads the environment once, at start. Each field carries its variable,
its default and one sentence of documentation; docs/settings.md prints the same list and a test
compares the two. A bad value stops the start and names itself.

Keys are not settings: they are files below ``LAB_HOME/keys``, made by the first start and
readable only by the user who runs the product. ``web_keys()`` opens those that the web server
and the worker share; ``log_key()`` opens the one that only the worker may read.
"""

from __future__ import annotations

import base64
import ipaddress
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

MAIL_TRANSPORTS = ("files", "smtp", "sendgrid")


class SettingError(ValueError):
    """A variable holds something that the product cannot start with."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")
        self.name = name


def _setting(env: str, default: str, read: Callable[[str], Any], doc: str) -> Any:
    metadata = {"env": env, "default": default, "read": read, "doc": doc}
    return field(metadata=metadata)


def _secret(env: str, doc: str) -> Any:
    """A value that no log, error or trace may show."""
    metadata = {"env": env, "default": "", "read": _text, "doc": doc, "secret": True}
    return field(metadata=metadata, repr=False)


def _path(value: str) -> Path:
    if not value.strip():
        raise ValueError("needs the name of a directory")
    return Path(value).expanduser().resolve()


def _database(value: str) -> str:
    """Accept SQLite and PostgreSQL; name the driver, since plain addresses would look for psycopg2.
    """
    for prefix in ("postgresql://", "postgres://"):
        if value.startswith(prefix):
            return "postgresql+psycopg://" + value.removeprefix(prefix)
    if value and not value.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("needs an address that begins with sqlite:/// or postgresql://")
    return value


def _base_url(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise ValueError("needs a full address such as https://lab.example.go.id")
    if parts.query or parts.fragment or parts.path not in ("", "/"):
        raise ValueError("must not hold a path, a query or a fragment")
    return value.rstrip("/")


def _api(value: str) -> str:
    """An address whose key travels with each request: encrypted, except to this machine itself."""
    parts = urlsplit(value)
    local = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
    if not parts.hostname or not (parts.scheme == "https" or local):
        raise ValueError("needs a full https address")
    return value.rstrip("/")


def _verification_key(value: str) -> ec.EllipticCurvePublicKey | None:
    """The key as SendGrid shows it: base64 of a public key on the curve P-256."""
    if not value.strip():
        return None
    try:
        key = serialization.load_der_public_key(base64.b64decode(value.strip(), validate=True))
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise ValueError("needs the verification key as SendGrid shows it")
    return key


def _domain(value: str) -> str:
    found = value.strip().lower()
    if found and not re.fullmatch(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}", found):
        raise ValueError("needs the name of a domain such as balas.example.go.id")
    return found


def _whole(value: str) -> int:
    if not value.strip().isdecimal():
        raise ValueError("needs a whole number, 0 or more")
    return int(value)


def _port(value: str) -> int:
    port = _whole(value)
    if not 1 <= port <= 65535:
        raise ValueError("needs a number from 1 to 65535")
    return port


def _megabytes(value: str) -> int:
    number = _whole(value)
    if not 1 <= number <= 1024:
        raise ValueError("needs a whole number of megabytes from 1 to 1024")
    return number * 1024 * 1024


def _one_of(*allowed: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in allowed:
            raise ValueError("needs one of: " + ", ".join(allowed))
        return value

    return read


def _networks(value: str) -> tuple[str, ...]:
    found = tuple(part.strip() for part in value.split(",") if part.strip())
    for part in found:
        ipaddress.ip_network(part)
    return found


def _text(value: str) -> str:
    if "\n" in value or "\r" in value:
        raise ValueError("must be one line")
    return value.strip()


def _mail_can_leave(values: Mapping[str, Any]) -> None:
    """Refuse a transport without what it needs, at start rather than with the first message."""
    if values["mail_transport"] == "smtp" and not values["smtp_host"]:
        raise SettingError("SMTP_HOST", "is needed with MAIL_TRANSPORT=smtp")
    if values["mail_transport"] == "sendgrid" and not values["sendgrid_key"]:
        raise SettingError("SENDGRID_KEY", "is needed with MAIL_TRANSPORT=sendgrid")
    if bool(values["smtp_user"]) != bool(values["smtp_password"]):
        raise SettingError("SMTP_PASSWORD", "goes together with SMTP_USER: both or neither")
    if values["smtp_password"] and values["smtp_security"] == "none":
        raise SettingError("SMTP_SECURITY", "a password only travels with starttls or tls")


@dataclass(frozen=True)
class Settings:
    """The product's settings, read once at start and never changed afterwards."""

    home: Path = _setting(
        "LAB_HOME", "instance", _path,
        "The one directory that holds all state: database, files, keys, outbox.")
    database_url: str = _setting(
        "DATABASE_URL", "", _database,
        "Where the data lives. Empty: an SQLite file in LAB_HOME. Otherwise sqlite:/// or "
        "postgresql://.")
    base_url: str = _setting(
        "BASE_URL", "", _base_url,
        "The address that people use, as it stands in letters and links. Empty: "
        "http://127.0.0.1 with PORT. With https, cookies are marked secure and the demo accounts "
        "are refused.")
    port: int = _setting("PORT", "8000", _port, "The port on which the web server listens.")
    mail_transport: str = _setting(
        "MAIL_TRANSPORT", "files", _one_of(*MAIL_TRANSPORTS),
        "How messages leave: files writes each into LAB_HOME/outbox, where the organiser reads "
        "it; smtp hands them to a mail server; sendgrid to SendGrid.")
    smtp_host: str = _setting(
        "SMTP_HOST", "", _text, "The mail server's name. Needed with smtp.")
    smtp_port: int = _setting(
        "SMTP_PORT", "587", _port, "The port on which the mail server listens.")
    smtp_security: str = _setting(
        "SMTP_SECURITY", "starttls", _one_of("starttls", "tls", "none"),
        "How the connection is encrypted: starttls (usually port 587), tls (usually 465), or none "
        "for a mail server on the same machine or network, then without a password.")
    smtp_user: str = _setting(
        "SMTP_USER", "", _text, "The name to sign in with. Empty: no sign-in.")
    smtp_password: str = _secret(
        "SMTP_PASSWORD", "The password to sign in with. Never logged.")
    sendgrid_key: str = _secret(
        "SENDGRID_KEY", "The key of SendGrid's API, allowed to send mail. Needed with sendgrid. "
        "Never logged.")
    sendgrid_url: str = _setting(
        "SENDGRID_URL", "https://api.sendgrid.com", _api,
        "Where SendGrid's API answers: another region, or a server on this machine for a trial.")
    mail_from: str = _setting(
        "MAIL_FROM", "undangan@living-lab.example", _text,
        "The sender's address in every message and calendar file.")
    reply_domain: str = _setting(
        "REPLY_DOMAIN", "", _domain,
        "The domain whose mail comes back to the product, for the answers of calendars: each "
        "invitation has an address of its own there. Empty: the domain of MAIL_FROM.")
    event_key: ec.EllipticCurvePublicKey | None = _setting(
        "SENDGRID_EVENT_KEY", "", _verification_key,
        "The verification key of SendGrid's signed event webhook. Empty: the webhook is not there.")
    inbound_key: ec.EllipticCurvePublicKey | None = _setting(
        "SENDGRID_INBOUND_KEY", "", _verification_key,
        "The verification key of SendGrid's signed inbound parse. Empty: the webhook is not there.")
    organiser_name: str = _setting(
        "ORGANISER_NAME", "Living Lab", _text,
        "Who sends: the name in the letterhead and beside the sender's address.")
    contact_name: str = _setting(
        "CONTACT_NAME", "Sekretariat Living Lab", _text,
        "The contact person printed at the foot of guests' pages.")
    contact_phone: str = _setting(
        "CONTACT_PHONE", "", _text,
        "The contact's WhatsApp number, as people write it. Empty: none is shown.")
    trusted_proxies: tuple[str, ...] = _setting(
        "TRUSTED_PROXIES", "", _networks,
        "Addresses or networks, separated by commas, whose X-Forwarded-* headers are believed.")
    key_dir: Path | None = _setting(
        "KEY_DIR", "", lambda value: _path(value) if value else None,
        "The directory of the key files. Empty: keys in LAB_HOME.")
    max_upload: int = _setting(
        "MAX_UPLOAD_MB", "12", _megabytes,
        "The largest request that is accepted, in megabytes.")
    session_hours: int = _setting(
        "SESSION_HOURS", "12", _whole,
        "After how many hours a signed-in organiser has to sign in again.")
    log_format: str = _setting(
        "LOG_FORMAT", "json", _one_of("json", "text"),
        "json: one object per line, for machines. text: for a person at a terminal.")

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None, **over: Any) -> Settings:
        """Read the environment; ``over`` replaces single fields (tests and commands use it).

        Raises SettingError, which names the variable, when a value cannot be used.
        """
        environ = os.environ if environ is None else environ
        values: dict[str, Any] = {}
        for f in fields(cls):
            raw = environ.get(f.metadata["env"], f.metadata["default"])
            try:
                values[f.name] = f.metadata["read"](raw)
            except ValueError as why:
                found = "" if f.metadata.get("secret") else f" (found {raw!r})"
                raise SettingError(f.metadata["env"], f"{why}{found}") from None
        values.update(over)
        _mail_can_leave(values)
        home: Path = values["home"]
        values["database_url"] = values["database_url"] or f"sqlite:///{home / 'lab.sqlite'}"
        values["base_url"] = values["base_url"] or f"http://127.0.0.1:{values['port']}"
        values["key_dir"] = values["key_dir"] or home / "keys"
        return cls(**values)

    @property
    def https(self) -> bool:
        """Whether people reach the product by an encrypted address."""
        return self.base_url.startswith("https://")

    @property
    def demo_allowed(self) -> bool:
        """Demo accounts have a published password, so no public address may have them; and the
        story's messages must not leave for the addresses of made-up people."""
        return not self.https and self.mail_transport == "files"

    @property
    def sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return self.database_url.startswith("sqlite")

    @property
    def outbox_dir(self) -> Path:
        """Where the files transport writes each message."""
        return self.home / "outbox"

    @property
    def files_dir(self) -> Path:
        """Where content-addressed files are kept."""
        return self.home / "files"

    def flask(self, keys: Keys) -> dict[str, Any]:
        """Return what Flask and its extensions want to know, derived from these settings."""
        cookie = "__Host-lab" if self.https else "lab"
        return {
            "SECRET_KEY": keys.secret,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "MAX_CONTENT_LENGTH": self.max_upload,
            "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
            "SESSION_COOKIE_NAME": cookie,
            "SESSION_COOKIE_SECURE": self.https,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "PERMANENT_SESSION_LIFETIME": self.session_hours * 3600,
            "SESSION_REFRESH_EACH_REQUEST": False,
            "WTF_CSRF_TIME_LIMIT": None,  # lives as long as its session
            "WTF_CSRF_SSL_STRICT": False,  # our link pages send no referrer; the token decides
            "BABEL_DEFAULT_LOCALE": "id",
            "BABEL_DEFAULT_TIMEZONE": "Asia/Jakarta",
            "PREFERRED_URL_SCHEME": "https" if self.https else "http",
            "TEMPLATES_AUTO_RELOAD": False,
        }


@dataclass(frozen=True)
class Keys:
    """The keys that web server and worker share. Bytes of 32, or an Ed25519 private key."""

    secret: bytes
    link: bytes
    code: bytes
    venue: bytes
    passes: Ed25519PrivateKey

    def __repr__(self) -> str:
        return "Keys(…)"  # never in a log or a traceback


def _keep(path: Path, make: Callable[[], bytes]) -> bytes:
    """Return the key in ``path``; make it first if this is the first start.

    Several processes may start at once: each writes its own draft and links it to the name; the
    first link wins and all read that one.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(make())
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_bytes()


def _random() -> bytes:
    return secrets.token_bytes(32)


def _ed25519() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes_raw()


def web_keys(settings: Settings) -> Keys:
    """Open the keys of web server and worker; the first start makes them."""
    assert settings.key_dir is not None
    keep = settings.key_dir
    return Keys(
        secret=_keep(keep / "secret.key", _random),
        link=_keep(keep / "link.key", _random),
        code=_keep(keep / "code.key", _random),
        venue=_keep(keep / "venue.key", _random),
        passes=Ed25519PrivateKey.from_private_bytes(_keep(keep / "pass.key", _ed25519)),
    )


def log_key(settings: Settings) -> Ed25519PrivateKey:
    """Open the key that signs the log. Only the worker calls this.

    Its public half is written beside it (log.pub, PEM), for everybody who verifies.
    """
    assert settings.key_dir is not None
    private = Ed25519PrivateKey.from_private_bytes(
        _keep(settings.key_dir / "log.key", _ed25519)
    )
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    path = settings.key_dir / "log.pub"
    if not path.exists() or path.read_bytes() != public:
        path.write_bytes(public)
    return private
