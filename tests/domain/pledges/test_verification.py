"""What anybody may see and check by the public code."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from cohorts.ground import log, merkle
from cohorts.ground.files import Kept
from cohorts.pledges import documents, offers, verification, withdrawing
from cohorts.pledges import text as texts
from tests.build import pledges as build
from tests.build.pledges import NOW, ORGANISER

LATER = NOW + dt.timedelta(days=1)


def numbered(session: Session) -> log.LogKey:
    key = log.LogKey(Ed25519PrivateKey.generate())
    log.number(session)
    log.checkpoint(session, key, LATER)
    return key


def test_a_signed_commitment_is_found_by_its_code_however_it_is_typed(session: Session) -> None:
    scene = build.a_scene(session)
    code = build.signed(session, scene.pledge).public_code
    for typed in (code, code.lower(), code.replace("-", ""), f" {code[:6]} {code[6:]} "):
        found = verification.find(session, typed)
        assert found is not None
        assert found.status == "valid"
    assert verification.find(session, "0000000000000-0000") is None
    assert verification.find(session, "") is None


def test_before_the_log_is_numbered_inclusion_waits_and_nothing_fails(session: Session) -> None:
    scene = build.a_scene(session)
    found = verification.find(session, build.signed(session, scene.pledge).public_code)
    assert found is not None
    assert found.checks == verification.Checks(True, True, True, None)
    assert found.checks.good


def test_the_receipt_can_be_checked_without_us(session: Session) -> None:
    scene = build.a_scene(session)
    code = build.signed(session, scene.pledge).public_code
    log.append(session, "other", {"n": 1}, LATER)
    log.append(session, "other", {"n": 2}, LATER)
    key = numbered(session)
    found = verification.find(session, code)
    assert found is not None
    assert found.checks.included is True
    slip = json.loads(json.dumps(verification.receipt(session, found)))
    assert hashlib.sha256(slip["pledge"].encode()).hexdigest() == slip["pledge_sha256"]
    assert hashlib.sha256(slip["evidence"].encode()).hexdigest() == slip["evidence_sha256"]
    place = slip["inclusion"]
    root = merkle.root_from(
        merkle.leaf_hash(slip["leaf"].encode()), place["number"], place["size"],
        [bytes.fromhex(step) for step in place["path"]])
    assert root == merkle.root(log.leaves(session))
    assert log.note_holds(place["checkpoint"], key.private.public_key())


def test_bytes_that_do_not_fit_their_hash_are_noticed(session: Session) -> None:
    scene = build.a_scene(session)
    signature = build.signed(session, scene.pledge)
    session.expunge(signature)
    session.expunge(scene.pledge)
    signature.pledge = scene.pledge
    scene.pledge.data = scene.pledge.data.replace(b"Sumedang", b"Subang.."[:8])
    checks = verification.check(session, signature, None)
    assert not checks.bytes_hold
    assert not checks.good


def test_withdrawn_and_superseded_are_told_apart(session: Session) -> None:
    scene = build.a_scene(session)
    first = build.signed(session, scene.pledge)
    draft = texts.revise(session, scene.text.id, actor=ORGANISER, now=LATER)
    offers.publish(session, draft.id, actor=ORGANISER, now=LATER)
    made = offers.offer(
        session, draft.id, office_ids=[scene.office.id], actor=ORGANISER, now=LATER)
    second = build.signed(session, made.pledges[0], LATER)
    old = verification.find(session, first.public_code)
    assert old is not None
    assert (old.status, old.later) == ("superseded", second.public_code)
    withdrawing.withdraw(session, second.id, "Surat", actor=ORGANISER, now=LATER)
    new = verification.find(session, second.public_code)
    assert new is not None
    assert (new.status, new.earlier) == ("withdrawn", first.public_code)
    back = verification.find(session, first.public_code)
    assert back is not None
    assert back.status == "valid"


def test_what_is_shown_is_what_was_signed_and_not_todays_directory(session: Session) -> None:
    scene = build.a_scene(session)
    signature = build.signed(session, scene.pledge)
    scene.office.name = "Bupati Lain"
    signature.person.name = "Nama Lain"
    found = verification.find(session, signature.public_code)
    assert found is not None
    assert found.pledge["office"]["name"] == "Bupati Sumedang"
    assert found.evidence["signer"]["name"] == "Rahmat Contoh"


def test_the_first_printed_document_stands(session: Session) -> None:
    scene = build.a_scene(session)
    signature = build.signed(session, scene.pledge)
    kept = Kept("a" * 64, 10, "application/pdf")
    documents.keep_document(session, signature.id, kept, actor=ORGANISER, now=LATER)
    again = documents.keep_document(
        session, signature.id, Kept("b" * 64, 9, "application/pdf"), actor=ORGANISER, now=LATER)
    assert again.sha256 == "a" * 64
    found = verification.find(session, signature.public_code)
    assert found is not None
    assert found.document == "a" * 64


@pytest.mark.parametrize(("typed", "kept"), [
    ("o1il-", "0111-"), ("abcdefghjkmnpqrs7", "ABCDEFGHJKMNP-QRS7"),
])
def test_codes_are_read_as_crockford_reads_them(typed: str, kept: str) -> None:
    assert verification.normal_code(typed) == kept
