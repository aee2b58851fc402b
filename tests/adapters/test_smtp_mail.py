"""The SMTP transport against a real mail server: what arrives, and what each answer means."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.adapters import mime
from app.adapters.mime import Away, Refused
from app.adapters.smtp_mail import Later, Server, SmtpTransport
from tests.adapters.test_file_mail import ICS, MAIL
from tests.mail_peers import PostOffice, asks_for, certificate


@pytest.fixture
def office() -> Iterator[PostOffice]:
    made = PostOffice().start()
    yield made
    made.stop()


@pytest.fixture
def transport(office: PostOffice) -> Iterator[SmtpTransport]:
    made = SmtpTransport(Server("127.0.0.1", office.port, "none"), patience=2)
    yield made
    made.rest()


def to(address: str) -> mime.Mail:
    return replace(MAIL, id=address.partition("@")[0], to=mime.Party("Nama Contoh", address))


def test_the_server_gets_the_message_byte_for_byte(
    office: PostOffice, transport: SmtpTransport
) -> None:
    dotted = replace(MAIL, text="Yth.\n.\n..\n.dot\n")
    receipt = transport.send(dotted)
    assert receipt == mime.Receipt("smtp", mime.message_id(MAIL))
    assert office.guests == [MAIL.to.email]
    assert office.taken[0][1] == mime.as_bytes(dotted)


def test_the_calendar_arrives_whole_with_its_method(
    office: PostOffice, transport: SmtpTransport
) -> None:
    for method in ("REQUEST", "CANCEL"):
        transport.send(replace(MAIL, invite=mime.Invite(ICS, method)))  # type: ignore[arg-type]
    for number, method in enumerate(("REQUEST", "CANCEL")):
        parts = list(office.message(number).walk())
        (calendar,) = (p for p in parts if p.get_content_type() == "text/calendar")
        assert calendar.get_param("method") == method
        assert calendar.get_payload(decode=True) == ICS
        assert [p.get_filename() for p in parts if p.get_content_type() == "application/ics"] == [
            "undangan.ics"]


def test_a_burst_uses_one_connection_and_rest_ends_it(
    office: PostOffice, transport: SmtpTransport
) -> None:
    for n in range(5):
        transport.send(to(f"g{n}@x.example"))
    assert office.connections == 1
    transport.rest()
    transport.rest()
    transport.send(to("later@x.example"))
    assert office.connections == 2
    assert len(office.taken) == 6


@pytest.mark.parametrize("where", ["to_sender", "to_guest", "to_message"])
@pytest.mark.parametrize(("answer", "outcome"), [
    ("550 5.1.1 No such person here", Refused),
    ("552 5.3.4 Too large", Refused),
    ("450 4.2.0 Greylisted, come back", Later),
    ("452 4.3.1 Disk full", Later),
    ("530 5.7.0 Authentication required", Away),
])
def test_each_answer_says_never_later_or_not_now_and_the_next_message_still_leaves(
    office: PostOffice, transport: SmtpTransport, where: str, answer: str,
    outcome: type[Exception],
) -> None:
    setattr(office, where, lambda _: answer)
    with pytest.raises(outcome, match=answer):
        transport.send(to("a@x.example"))
    setattr(office, where, lambda _: "")
    transport.send(to("b@x.example"))
    assert office.guests == ["b@x.example"]


def test_a_server_that_hung_up_between_two_messages_is_called_again(
    office: PostOffice, transport: SmtpTransport
) -> None:
    transport.send(to("a@x.example"))
    office.stop()
    office.start()
    transport.send(to("b@x.example"))
    assert office.guests == ["a@x.example", "b@x.example"]


def test_a_server_that_is_down_is_away_and_takes_the_message_when_it_is_back(
    office: PostOffice, transport: SmtpTransport
) -> None:
    office.stop()
    with pytest.raises(Away, match="ConnectionRefusedError"):
        transport.send(MAIL)
    office.start()
    transport.send(MAIL)
    assert len(office.taken) == 1


def test_a_server_that_never_answers_is_away() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        transport = SmtpTransport(Server("127.0.0.1", port, "none"), patience=0.2)
        with pytest.raises(Away, match="timed out"):
            transport.send(MAIL)


def test_an_address_that_mail_cannot_carry_is_refused_without_a_connection(
    office: PostOffice, transport: SmtpTransport
) -> None:
    with pytest.raises(Refused, match="address"):
        transport.send(to("a b@x.example"))
    assert office.connections == 0


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    public, context = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(public))
    return context


def guarded(context: ssl.SSLContext) -> PostOffice:
    return PostOffice(
        tls_context=context, require_starttls=True, auth_required=True,
        authenticator=asks_for("panitia", "kata-sandi")).start()


def test_it_encrypts_then_signs_in(trusted: ssl.SSLContext) -> None:
    office = guarded(trusted)
    transport = SmtpTransport(
        Server("localhost", office.port, "starttls", "panitia", "kata-sandi"))
    try:
        transport.send(MAIL)
        assert office.guests == [MAIL.to.email]
    finally:
        transport.rest()
        office.stop()


def test_a_wrong_password_fails_no_message_and_is_not_told(trusted: ssl.SSLContext) -> None:
    office = guarded(trusted)
    server = Server("localhost", office.port, "starttls", "panitia", "sandi-salah")
    try:
        with pytest.raises(Away, match="535") as caught:
            SmtpTransport(server).send(MAIL)
        assert "sandi-salah" not in f"{caught.value}{server}"
    finally:
        office.stop()


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_that_does_not_prove_who_it_is_gets_nothing(
    tmp_path: Path, security: str
) -> None:
    _public, context = certificate(tmp_path)
    office = (guarded(context) if security == "starttls"
              else PostOffice(ssl_context=context))
    if security == "tls":
        office.start()
    try:
        with pytest.raises(Away, match="CERTIFICATE_VERIFY_FAILED"):
            SmtpTransport(Server("localhost", office.port, security, "panitia", "x")).send(MAIL)
        assert office.taken == []
    finally:
        office.stop()


def test_encryption_that_is_not_offered_is_not_gone_without(office: PostOffice) -> None:
    with pytest.raises(Away, match="STARTTLS"):
        SmtpTransport(Server("127.0.0.1", office.port)).send(MAIL)
    assert office.taken == []
