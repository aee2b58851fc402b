"""Settings: documented one by one, refused by name, and keys that only their owners can read."""

from __future__ import annotations

import dataclasses
import re
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import config
from config import SettingError, Settings

DOC = Path(__file__).parents[2] / "docs" / "settings.md"


def test_every_setting_is_documented_and_nothing_else_is() -> None:
    listed = {}
    for line in DOC.read_text().splitlines():
        row = re.fullmatch(r"\| `([A-Z_]+)` \| (.*?) \| (.*?) \|", line)
        if row:
            listed[row[1]] = (row[2], row[3])
    known = {
        f.metadata["env"]: (
            f"`{f.metadata['default']}`" if f.metadata["default"] else "", f.metadata["doc"])
        for f in dataclasses.fields(Settings)
    }
    assert listed == known


@pytest.mark.parametrize(("name", "value"), [
    ("PORT", "0"), ("PORT", "port"), ("PORT", "70000"), ("DATABASE_URL", "mysql://x"),
    ("BASE_URL", "lab.example.go.id"), ("BASE_URL", "https://x.example/lab"),
    ("MAIL_TRANSPORT", "pigeon"), ("TRUSTED_PROXIES", "everybody"), ("MAX_UPLOAD_MB", "0"),
    ("SESSION_HOURS", "-1"), ("LAB_HOME", " "), ("LOG_FORMAT", "xml"),
    ("MAIL_FROM", "a@b.example\nBcc: c@d.example"),
    ("SMTP_PORT", "0"), ("SMTP_SECURITY", "ssl"), ("SENDGRID_URL", "http://api.example"),
    ("SENDGRID_URL", ""), ("SENDGRID_EVENT_KEY", "kunci"), ("REPLY_DOMAIN", "balas"),
    ("REPLY_DOMAIN", "a@balas.example"),
    ("SENDGRID_INBOUND_KEY", "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="),
])
def test_a_bad_value_stops_the_start_and_names_itself(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=f"^{name}: "):
        Settings.from_environ({name: value})


@pytest.mark.parametrize(("given", "named"), [
    ({"MAIL_TRANSPORT": "smtp"}, "SMTP_HOST"),
    ({"MAIL_TRANSPORT": "sendgrid"}, "SENDGRID_KEY"),
    ({"SMTP_USER": "u"}, "SMTP_PASSWORD"),
    ({"SMTP_PASSWORD": "p"}, "SMTP_PASSWORD"),
    ({"SMTP_USER": "u", "SMTP_PASSWORD": "p", "SMTP_SECURITY": "none"}, "SMTP_SECURITY"),
])
def test_a_transport_without_what_it_needs_stops_the_start(
    given: dict[str, str], named: str
) -> None:
    with pytest.raises(SettingError, match=f"^{named}: "):
        Settings.from_environ(given)


def test_a_secret_shows_neither_in_a_trace_nor_in_a_refusal() -> None:
    given = {"SMTP_USER": "u", "SMTP_PASSWORD": "rahasia-satu", "SENDGRID_KEY": "rahasia-dua"}
    assert "rahasia" not in repr(Settings.from_environ(given))
    for name in ("SMTP_PASSWORD", "SENDGRID_KEY"):
        with pytest.raises(SettingError) as caught:
            Settings.from_environ({**given, name: "rahasia\nbaris"})
        assert "rahasia" not in str(caught.value)


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    settings = Settings.from_environ({"LAB_HOME": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path / 'lab.sqlite'}"
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.demo_allowed


def test_an_https_address_marks_cookies_secure_and_refuses_the_demo(tmp_path: Path) -> None:
    settings = Settings.from_environ(
        {"LAB_HOME": str(tmp_path), "BASE_URL": "https://lab.example.go.id/"})
    flask = settings.flask(config.web_keys(settings))
    assert flask["SESSION_COOKIE_SECURE"] is True
    assert flask["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert not settings.demo_allowed
    assert settings.base_url == "https://lab.example.go.id"


def test_the_demo_is_refused_where_mail_really_leaves(tmp_path: Path) -> None:
    settings = Settings.from_environ({
        "LAB_HOME": str(tmp_path), "MAIL_TRANSPORT": "smtp", "SMTP_HOST": "mail.example.go.id"})
    assert not settings.demo_allowed


def test_the_usual_postgresql_address_names_our_driver() -> None:
    settings = Settings.from_environ({"DATABASE_URL": "postgresql://lab@db/lab"})
    assert settings.database_url == "postgresql+psycopg://lab@db/lab"


def test_keys_are_made_once_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    settings = Settings.from_environ({"LAB_HOME": str(tmp_path)})
    first = config.web_keys(settings)
    again = config.web_keys(settings)
    assert (first.secret, first.link, first.code) == (again.secret, again.link, again.code)
    assert first.passes.private_bytes_raw() == again.passes.private_bytes_raw()
    assert len({first.secret, first.link, first.code, first.venue}) == 4
    for path in (tmp_path / "keys").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


def test_processes_that_start_together_get_the_same_keys(tmp_path: Path) -> None:
    settings = Settings.from_environ({"LAB_HOME": str(tmp_path)})
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: config.web_keys(settings).link, range(16)))
    assert len(set(made)) == 1


def test_the_web_server_neither_makes_nor_reads_the_key_of_the_log(tmp_path: Path) -> None:
    from app import create_app

    settings = Settings.from_environ({"LAB_HOME": str(tmp_path)})
    create_app(settings)
    assert not (tmp_path / "keys" / "log.key").exists()
    key = config.log_key(settings)
    assert (tmp_path / "keys" / "log.pub").read_bytes().startswith(b"-----BEGIN PUBLIC KEY")
    (tmp_path / "keys" / "log.key").write_bytes(b"unreadable for the web")
    create_app(settings)
    assert key is not None


def test_keys_never_show_in_a_trace(tmp_path: Path) -> None:
    settings = Settings.from_environ({"LAB_HOME": str(tmp_path)})
    keys = config.web_keys(settings)
    assert keys.link.hex() not in repr(keys)
    assert repr(keys.link) not in repr(keys)
