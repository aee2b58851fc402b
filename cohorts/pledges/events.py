"""What happens to commitments."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from cohorts.ground.chronicle import Event


@dataclass(frozen=True, kw_only=True)
class TextDrafted(Event):
    """A new version of the text was begun, or a draft was edited; ``edit`` counts the edits."""

    name: ClassVar[str] = "pledges.text_drafted"
    version: int
    edit: int


@dataclass(frozen=True, kw_only=True)
class TextPublished(Event):
    """A version was published and never changes again; unsigned offers of the last are void."""

    name: ClassVar[str] = "pledges.text_published"
    version: int
    sha256: str
    replaces: str | None
    voided: int


@dataclass(frozen=True, kw_only=True)
class PledgeOffered(Event):
    """An office was asked to sign: the exact bytes exist from now on."""

    name: ClassVar[str] = "pledges.offered"
    office_id: str
    office: str
    region_code: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class OfferVoided(Event):
    """An offer was taken back before anybody signed; its links stop working."""

    name: ClassVar[str] = "pledges.offer_voided"
    office: str
    region_code: str


@dataclass(frozen=True, kw_only=True)
class SigningConsented(Event):
    """A signatory drew or typed the signature and ticked the consent; nothing is signed yet."""

    name: ClassVar[str] = "pledges.consented"
    method: str
    consent_sha256: str


@dataclass(frozen=True, kw_only=True)
class CodeRequested(Event):
    """A one-time code was sent to a confirmed contact point of the office."""

    name: ClassVar[str] = "pledges.code_requested"
    challenge_id: str
    contact_point_id: str


@dataclass(frozen=True, kw_only=True)
class PledgeSigned(Event):
    """A commitment was signed; its hash stands in the log."""

    name: ClassVar[str] = "pledges.signed"
    signature_id: str
    office: str
    region_code: str
    on_behalf: bool
    method: str
    evidence_sha256: str
    signed_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class PledgeDeclined(Event):
    """An office said that it does not sign, and why. It may still sign later."""

    name: ClassVar[str] = "pledges.declined"
    reason: str
    office: str
    region_code: str


@dataclass(frozen=True, kw_only=True)
class SignatureWithdrawn(Event):
    """A signature was withdrawn; its action items stay, flagged."""

    name: ClassVar[str] = "pledges.withdrawn"
    signature_id: str
    office: str
    region_code: str


@dataclass(frozen=True, kw_only=True)
class DocumentPrinted(Event):
    """The printed commitment was made and kept."""

    name: ClassVar[str] = "pledges.printed"
    sha256: str


@dataclass(frozen=True, kw_only=True)
class AffirmationAsked(Event):
    """A successor was asked about a commitment signed before their time; ``mailed`` is false where
    the office has no confirmed address."""

    name: ClassVar[str] = "pledges.affirmation_asked"
    request_id: str
    office: str
    region_code: str
    mailed: bool


@dataclass(frozen=True, kw_only=True)
class AffirmationRevoked(Event):
    """The question was taken back before it was answered; its links stop working."""

    name: ClassVar[str] = "pledges.affirmation_revoked"
    request_id: str
    office: str
    region_code: str


@dataclass(frozen=True, kw_only=True)
class AffirmationGiven(Event):
    """A successor re-affirmed a commitment, asked for another text or does not go on with it. The
    signature stays as it is."""

    name: ClassVar[str] = "pledges.affirmation_given"
    request_id: str
    answer: str
    office: str
    region_code: str
    on_behalf: bool
