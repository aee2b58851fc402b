"""The SendGrid transport against a server that speaks v3 mail send."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from app.adapters import mime
from app.adapters.mime import Away, Refused
from app.adapters.sendgrid_mail import SendGridTransport
from tests.adapters.test_file_mail import ICS, MAIL
from tests.mail_peers import SendGridPeer

KEY = "SG.kunci.contoh"


@pytest.fixture
def peer() -> Iterator[SendGridPeer]:
    made = SendGridPeer(KEY)
    yield made
    made.stop()


@pytest.fixture
def transport(peer: SendGridPeer) -> SendGridTransport:
    return SendGridTransport(KEY, peer.url, patience=2)


def test_the_calendar_is_the_last_content_with_its_method_and_an_attachment(
    peer: SendGridPeer, transport: SendGridTransport
) -> None:
    pdf = mime.Attachment("Surat.pdf", "application/pdf", b"%PDF-1.7 x")
    receipt = transport.send(
        replace(MAIL, invite=mime.Invite(ICS, "CANCEL"), attachments=(pdf,)))
    (call,) = peer.calls
    assert [part["type"] for part in call["content"]] == [
        "text/plain", "text/html", "text/calendar; method=CANCEL"]
    assert call["content"][2]["value"].encode() == ICS
    assert [(f["type"], f["filename"], b64decode(f["content"])) for f in call["attachments"]] == [
        ("application/ics", "undangan.ics", ICS),
        ("application/pdf", "Surat.pdf", b"%PDF-1.7 x")]
    assert receipt == mime.Receipt("sendgrid", "peer.1")


def test_one_guest_a_call_nothing_personal_kept_and_nobody_tracked(
    peer: SendGridPeer, transport: SendGridTransport
) -> None:
    transport.send(replace(MAIL, headers=(("List-Unsubscribe", "<https://x.example/u>"),)))
    (call,) = peer.calls
    assert call["personalizations"] == [{
        "to": [{"email": MAIL.to.email, "name": MAIL.to.name}],
        "custom_args": {"message": MAIL.id}}]
    assert call["from"] == {"email": MAIL.sender.email, "name": MAIL.sender.name}
    assert call["headers"] == {"List-Unsubscribe": "<https://x.example/u>"}
    assert not any(part["enable"] for part in call["tracking_settings"].values())


def test_a_message_without_calendar_or_files_names_none(
    peer: SendGridPeer, transport: SendGridTransport
) -> None:
    transport.send(replace(MAIL, invite=None))
    assert len(peer.calls[0]["content"]) == 2
    assert "attachments" not in peer.calls[0]


@pytest.mark.parametrize(("status", "outcome"), [
    (400, Refused), (413, Refused), (401, Away), (403, Away), (404, Away), (429, Away),
    (500, Away), (503, Away), (200, Away),
])
def test_only_a_wrong_message_is_refused_all_else_is_tried_again(
    peer: SendGridPeer, transport: SendGridTransport, status: int, outcome: type[Exception]
) -> None:
    said = json.dumps({"errors": [{"message": "Does not contain a valid address."}]}).encode()
    peer.answer = lambda _: (status, said)
    with pytest.raises(outcome, match=str(status)) as caught:
        transport.send(MAIL)
    assert status == 200 or "valid address" in str(caught.value)
    assert KEY not in str(caught.value)


def test_an_answer_that_cannot_be_read_still_says_its_number(
    peer: SendGridPeer, transport: SendGridTransport
) -> None:
    def gibberish(_body: dict[str, Any]) -> tuple[int, bytes]:
        return 400, b"<html>"

    peer.answer = gibberish
    with pytest.raises(Refused, match="400 Bad Request"):
        transport.send(MAIL)


def test_a_wrong_key_fails_no_message(peer: SendGridPeer) -> None:
    with pytest.raises(Away, match="401 The provided authorization grant is invalid"):
        SendGridTransport("SG.lain", peer.url).send(MAIL)


def test_a_slow_server_is_asked_again_later(peer: SendGridPeer) -> None:
    peer.slow = 0.5
    with pytest.raises(TimeoutError):
        SendGridTransport(KEY, peer.url, patience=0.1).send(MAIL)


def test_a_server_that_is_down_is_away(peer: SendGridPeer, transport: SendGridTransport) -> None:
    peer.stop()
    with pytest.raises(Away, match="refused"):
        transport.send(MAIL)


def test_an_address_that_mail_cannot_carry_never_leaves(
    peer: SendGridPeer, transport: SendGridTransport
) -> None:
    with pytest.raises(Refused, match="address"):
        transport.send(replace(MAIL, to=mime.Party("x", "a b@x.example")))
    assert peer.calls == []
