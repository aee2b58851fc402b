"""The evidence record: one canonical JSON for each signature; its hash is logged and printed.

It answers UU ITE article 11: who, by what only the signatory has, what exactly, with which consent,
and how a change would show. It holds no address of mail, no telephone number and no network
address: a contact point is named by its id, what was typed or drawn by its hash.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from cohorts.ground.canonical import canonical
from cohorts.ground.codes import Challenge
from cohorts.ground.refusal import Refusal
from cohorts.pledges import consent
from cohorts.pledges.marks import Mark
from cohorts.pledges.signatories import Signatory
from cohorts.pledges.tables import SigningDraft

SCHEMA = "livinglab/evidence@1"
ASSURANCE = "L1"  # personal link and a one-time code to a confirmed address of the office
SCREENS = ("text", "mark", "check", "code")


def build(
    signature_id: str,
    signatory: Signatory,
    draft: SigningDraft,
    mark: Mark,
    challenge: Challenge,
    now: dt.datetime,
) -> bytes:
    """The canonical bytes of the record; stored as they are and never derived again."""
    person, pledge = signatory.person, signatory.pledge
    if person is None:
        raise Refusal("pledges.no_holder")
    record: dict[str, Any] = {
        "schema": SCHEMA,
        "signature": signature_id,
        "signed_at": now,
        "pledge": {"id": pledge.id, "sha256": pledge.sha256},
        "text": {"version": pledge.text.version, "sha256": pledge.text.sha256},
        "signer": {
            "name": person.full_name,
            "post": signatory.post,
            "office": pledge.office.name,
            "region": {"code": pledge.region_code, "name": pledge.region.full_name},
        },
        "on_behalf": _on_behalf(signatory),
        "identity": {
            "assurance": ASSURANCE,
            "link": {
                "purpose": "signing",
                "id": signatory.link.id,
                "generation": signatory.link.generation,
            },
            "code": {
                "challenge": challenge.id,
                "contact_point": challenge.contact_point_id,
                "issued_at": challenge.issued_at,
                "wrong_tries": challenge.tries,
                "bound_to": challenge.bound,
            },
        },
        "mark": {"method": mark.method, "sha256": mark.sha256},
        "consent": {
            "version": consent.VERSION,
            "language": draft.lang,
            "sha256": draft.consent_sha256,
            "ticked_at": draft.consented_at,
            "screens": list(SCREENS),
        },
    }
    return canonical(record)


def _on_behalf(signatory: Signatory) -> dict[str, Any] | None:
    step, mandate = signatory.hand_over, signatory.mandate
    if step is None or mandate is None:
        return None
    return {
        "office": signatory.pledge.office.name,
        "hand_over": step.id,
        "steps": step.step,
        "mandate": {"by": mandate.by, "at": mandate.at},
        "letter_sha256": step.letter_sha256,
    }
