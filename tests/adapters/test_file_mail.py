"""Messages: their shape on the wire, their headers, and the folder they are written to."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from app.adapters import mime
from app.adapters.file_mail import FileTransport

ICS = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
MAIL = mime.Mail(
    id="7K2M9QA4XW3B5C6D",
    sender=mime.Party("Sekretariat Living Lab", "undangan@livinglab.example"),
    to=mime.Party("Ir. H. Ahmad Contoh, M.Si.", "diskominfo@siak.example"),
    subject="Undangan Pertemuan ke-3, 09.00 WITA: Bupati Siak",
    text="Yth. Bupati Siak\nPukul 09.00 WITA (08.00 WIB)\n",
    html="<p>Yth. <strong>Bupati Siak</strong> – 09.00&nbsp;WITA</p>",
    dated=datetime(2022, 11, 4, 9, 20, tzinfo=UTC),
    invite=mime.Invite(ICS, "REQUEST"),
)


def read(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def shape(part: EmailMessage) -> object:
    kind = part.get_content_type()
    return (kind, [shape(p) for p in part.iter_parts()]) if part.is_multipart() else kind


def test_an_invitation_has_the_shape_that_clients_agree_on() -> None:
    assert shape(read(mime.as_bytes(MAIL))) == (
        "multipart/mixed",
        [
            ("multipart/alternative", ["text/plain", "text/html", "text/calendar"]),
            "application/ics",
        ],
    )


def test_the_calendar_part_names_its_method_and_has_no_disposition() -> None:
    message = read(mime.as_bytes(MAIL))
    calendar = next(p for p in message.walk() if p.get_content_type() == "text/calendar")
    attached = next(p for p in message.walk() if p.get_content_type() == "application/ics")
    assert calendar.get_param("method") == "REQUEST"
    assert calendar.get_content_charset() == "utf-8"
    assert calendar["Content-Disposition"] is None
    assert calendar.get_payload(decode=True) == ICS
    assert attached.get_payload(decode=True) == ICS
    assert attached.get_filename() == "undangan.ics"
    assert attached.get_param("name") == "undangan.ics"


def test_a_message_without_a_calendar_has_only_its_two_texts() -> None:
    assert shape(read(mime.as_bytes(replace(MAIL, invite=None)))) == (
        "multipart/alternative",
        ["text/plain", "text/html"],
    )


def test_files_go_along_after_the_texts() -> None:
    pdf = mime.Attachment("Komitmen Kab. Siak.pdf", "application/pdf", b"%PDF-1.7 x")
    message = read(mime.as_bytes(replace(MAIL, invite=None, attachments=(pdf,))))
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "Komitmen Kab. Siak.pdf"
    assert attached.get_payload(decode=True) == b"%PDF-1.7 x"


@pytest.mark.parametrize(
    "name",
    [
        "Ir. H. Ahmad, M.Si <x@evil.example>, Budi",
        'Ahmad "Dodi" Contoh',
        "Ahmad\r\nBcc: x@evil.example",
        "Siti Nur’aini Contoh é",
        "",
    ],
)
def test_a_name_never_becomes_a_second_recipient_or_a_header(name: str) -> None:
    message = read(mime.as_bytes(replace(MAIL, to=mime.Party(name, "diskominfo@siak.example"))))
    assert [a.addr_spec for a in message["To"].addresses] == ["diskominfo@siak.example"]
    assert message["Bcc"] is None


def test_a_subject_cannot_add_a_header() -> None:
    message = read(mime.as_bytes(replace(MAIL, subject="Undangan\r\nBcc: x@evil.example")))
    assert message["Subject"] == "Undangan Bcc: x@evil.example"
    assert message["Bcc"] is None


@pytest.mark.parametrize(
    "address", ["a@b.example\nBcc: c@d.example", "a b@c.example", "é@b.example"]
)
def test_an_address_that_mail_cannot_carry_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        mime.as_bytes(replace(MAIL, to=mime.Party("Nama Contoh", address)))


def test_the_same_message_gives_the_same_bytes() -> None:
    assert mime.as_bytes(MAIL) == mime.as_bytes(MAIL)
    assert read(mime.as_bytes(MAIL))["Message-ID"] == "<7K2M9QA4XW3B5C6D@livinglab.example>"


def test_indonesian_text_arrives_as_it_was_written() -> None:
    message = read(mime.as_bytes(MAIL))
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == MAIL.text.splitlines()
    html = message.get_body(("html",))
    assert html is not None
    assert html.get_content().strip() == MAIL.html
    assert message["Date"].datetime == MAIL.dated


def test_the_folder_holds_one_sortable_file_per_message(tmp_path: Path) -> None:
    transport = FileTransport(tmp_path / "outbox")
    receipt = transport.send(MAIL)
    later = transport.send(replace(MAIL, id="AAAA", dated=datetime(2022, 11, 5, tzinfo=UTC)))
    names = sorted(p.name for p in (tmp_path / "outbox").iterdir())
    assert names == [receipt.reference, later.reference]
    assert receipt.transport == "files"
    assert (tmp_path / "outbox" / receipt.reference).read_bytes() == mime.as_bytes(MAIL)


def test_sending_again_replaces_and_does_not_double(tmp_path: Path) -> None:
    transport = FileTransport(tmp_path)
    transport.send(MAIL)
    transport.send(replace(MAIL, dated=datetime(2022, 11, 4, 9, 25, tzinfo=UTC)))
    assert len(list(tmp_path.glob("*.eml"))) == 1


def test_a_message_that_cannot_be_built_leaves_nothing_behind(tmp_path: Path) -> None:
    transport = FileTransport(tmp_path)
    for bad in (
        replace(MAIL, to=mime.Party("x", "not an address")),
        replace(MAIL, id="../../etc"),
        replace(MAIL, dated=datetime(2022, 11, 4)),  # noqa: DTZ001
    ):
        with pytest.raises(ValueError, match=r"address|names its file|zone"):
            transport.send(bad)
    assert not list(tmp_path.iterdir())
