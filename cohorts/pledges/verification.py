"""What anybody may know of a commitment by its public code, and what we check while they look.

Everything shown comes from the stored bytes that were signed, not from today's tables. Names and
offices only: no address, no telephone number, no NIP.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cohorts.actions.standing import Standing
from cohorts.convenings.tables import Convening
from cohorts.directory.tables import Region
from cohorts.ground import log, merkle
from cohorts.ground.canonical import sha256
from cohorts.pledges.affirming import Affirmation, of_signatures
from cohorts.pledges.promises import promised
from cohorts.pledges.tables import (
    Pledge,
    PledgeText,
    Signature,
    SignatureDocument,
    Withdrawal,
)
from cohorts.pledges.versions import beside

STATUSES = ("valid", "withdrawn", "superseded")


@dataclass(frozen=True)
class Checks:
    """``recorded``: the leaf holds these hashes. ``included``: the numbered leaf is in the newest
    signed tree; None while it waits for its number or for the next checkpoint."""

    bytes_hold: bool
    evidence_holds: bool
    recorded: bool
    included: bool | None

    @property
    def good(self) -> bool:
        """Nothing that could be checked failed."""
        return (
            self.bytes_hold
            and self.evidence_holds
            and self.recorded
            and self.included is not False
        )


@dataclass(frozen=True)
class Inclusion:
    """The place of the leaf and the path that leads from it to the checkpoint's root (hex)."""

    number: int
    size: int
    path: list[str]
    note: str
    at: dt.datetime


@dataclass(frozen=True)
class Verification:
    """``pledge`` and ``evidence`` are the stored records, decoded. ``later`` is the public code of
    the signature of the same office under a later version; ``affirmations`` are the successors
    who were asked about it and what they said, the oldest first."""

    signature: Signature
    pledge: dict[str, Any]
    evidence: dict[str, Any]
    convening: Convening
    region: Region
    status: str
    withdrawal: Withdrawal | None
    later: str | None
    earlier: str | None
    document: str | None
    checks: Checks
    inclusion: Inclusion | None
    items: list[Standing]
    affirmations: list[Affirmation]

    @property
    def sample(self) -> bool:
        """Made-up people: a sample cohort."""
        return self.convening.cohort.sample


def normal_code(given: str) -> str:
    """A code as it is kept, however it was typed: upper case, O for 0 and I or L for 1 read as
    Crockford's alphabet reads them."""
    kept = "".join(c for c in given.upper() if c.isalnum())[:17]
    kept = kept.replace("O", "0").replace("I", "1").replace("L", "1")
    return f"{kept[:13]}-{kept[13:]}"


def find(session: Session, code: str) -> Verification | None:
    """The commitment behind a public code, with every check done now; None when unknown."""
    signature = session.scalar(
        sa.select(Signature)
        .where(Signature.public_code == normal_code(code))
        .options(
            joinedload(Signature.pledge).options(
                joinedload(Pledge.region),
                joinedload(Pledge.text)
                .joinedload(PledgeText.convening)
                .joinedload(Convening.cohort),
            )
        )
    )
    if signature is None:
        return None
    pledge = signature.pledge
    withdrawal = session.get(Withdrawal, signature.id)
    later = beside(session, pledge, later=True)
    inclusion = _inclusion(session, signature.leaf_id)
    return Verification(
        signature=signature,
        pledge=json.loads(pledge.data),
        evidence=json.loads(signature.evidence),
        convening=pledge.text.convening,
        region=pledge.region,
        status="withdrawn" if withdrawal else "superseded" if later else "valid",
        withdrawal=withdrawal,
        later=later,
        earlier=beside(session, pledge, later=False),
        document=session.scalar(
            sa.select(SignatureDocument.sha256).where(
                SignatureDocument.signature_id == signature.id
            )
        ),
        checks=check(session, signature, inclusion),
        inclusion=inclusion,
        items=promised(session, pledge.id),
        affirmations=of_signatures(session, [signature.id]).get(signature.id, []),
    )


def check(session: Session, signature: Signature, inclusion: Inclusion | None) -> Checks:
    """Recompute every hash from the stored bytes and follow the log's path."""
    pledge = signature.pledge
    evidence = json.loads(signature.evidence)
    leaf = session.get_one(log.LogLeaf, signature.leaf_id)
    event = json.loads(leaf.data)["event"]
    return Checks(
        bytes_hold=sha256(pledge.data) == pledge.sha256,
        evidence_holds=sha256(signature.evidence) == signature.evidence_sha256
        and evidence["pledge"]["sha256"] == pledge.sha256,
        recorded=merkle.leaf_hash(leaf.data).hex() == leaf.leaf_hash
        and event["pledge_sha256"] == pledge.sha256
        and event["evidence_sha256"] == signature.evidence_sha256,
        included=_leads_to_root(leaf, inclusion, session),
    )


def _leads_to_root(
    leaf: log.LogLeaf, inclusion: Inclusion | None, session: Session
) -> bool | None:
    if inclusion is None:
        return None
    newest = session.get_one(log.Checkpoint, inclusion.size)
    root = merkle.root_from(
        merkle.leaf_hash(leaf.data),
        inclusion.number,
        inclusion.size,
        [bytes.fromhex(step) for step in inclusion.path],
    )
    return root is not None and root.hex() == newest.root


def _inclusion(session: Session, leaf_id: str) -> Inclusion | None:
    number = session.scalar(sa.select(log.LogPlace.number).where(log.LogPlace.leaf_id == leaf_id))
    newest = session.scalar(sa.select(log.Checkpoint).order_by(log.Checkpoint.size.desc()).limit(1))
    if number is None or newest is None or number >= newest.size:
        return None
    leaves = log.leaves(session)[: newest.size]
    path = [step.hex() for step in merkle.inclusion(leaves, number)]
    return Inclusion(number, newest.size, path, newest.note, newest.at)


def receipt(session: Session, found: Verification) -> dict[str, Any]:
    """All that is needed to check without us: the signed bytes and the evidence as text, the leaf,
    its path and the signed checkpoint. Hash the texts as UTF-8."""
    leaf = session.get_one(log.LogLeaf, found.signature.leaf_id)
    place = found.inclusion
    return {
        "schema": "livinglab/receipt@1",
        "public_code": found.signature.public_code,
        "pledge": found.signature.pledge.data.decode(),
        "pledge_sha256": found.signature.pledge.sha256,
        "evidence": found.signature.evidence.decode(),
        "evidence_sha256": found.signature.evidence_sha256,
        "leaf": leaf.data.decode(),
        "leaf_hash": leaf.leaf_hash,
        "inclusion": {
            "number": place.number,
            "size": place.size,
            "path": place.path,
            "checkpoint": place.note,
        }
        if place
        else None,
    }
