"""What happens to convenings and their guests."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import ClassVar

from cohorts.ground.chronicle import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConveningPlanned(Event):
    """A convening was planned as a draft."""

    name: ClassVar[str] = "convenings.planned"
    number: int
    starts_at: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConveningEdited(Event):
    """Details of a convening changed; ``changed`` names the fields."""

    name: ClassVar[str] = "convenings.edited"
    changed: tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConveningRescheduled(Event):
    """Start, end or place changed: replies of the earlier schedule count as unanswered."""

    name: ClassVar[str] = "convenings.rescheduled"
    schedule: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    timezone: str
    venue: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConveningAnnounced(Event):
    """A convening became public; from now on offices can be invited to it."""

    name: ClassVar[str] = "convenings.announced"


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConveningStarted(Event):
    """A convening began."""

    name: ClassVar[str] = "convenings.started"


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConveningClosed(Event):
    """A convening ended."""

    name: ClassVar[str] = "convenings.closed"


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConveningReopened(Event):
    """A closed convening was opened again, before any later one had begun."""

    name: ClassVar[str] = "convenings.reopened"


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConveningCancelled(Event):
    """A planned convening was called off; whoever had an invitation is told."""

    name: ClassVar[str] = "convenings.cancelled"
    told: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProgrammeSet(Event):
    """The programme (susunan acara) of a convening was written anew."""

    name: ClassVar[str] = "convenings.programme_set"
    sessions: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConveningCloned(Event):
    """A convening was planned after the pattern of another: its programme and guest rules."""

    name: ClassVar[str] = "convenings.cloned"
    source_id: str
    source_number: int
    sessions: int
    rules: tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class OfficesInvited(Event):
    """Offices were invited in one go, by role of every member."""

    name: ClassVar[str] = "convenings.offices_invited"
    roles: tuple[str, ...]
    invited: int
    mailed: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class SeatsAdded(Event):
    """An invitation got more seats: for a post that the office sends, or for companions."""

    name: ClassVar[str] = "convenings.seats_added"
    office: str
    seats: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class InvitationWithdrawn(Event):
    """An office is no longer invited: its links and passes ended, its calendar is told."""

    name: ClassVar[str] = "convenings.invitation_withdrawn"
    office: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class InvitationSentAgain(Event):
    """The invitation was posted once more, as it stands now."""

    name: ClassVar[str] = "convenings.invitation_sent_again"
    office: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class InvitationAddressCorrected(Event):
    """The address of an office was corrected and its invitation sent there; ``revoked`` says that
    the link which went to the wrong one has ended."""

    name: ClassVar[str] = "convenings.invitation_address_corrected"
    office: str
    revoked: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class GuestMailTaken(Event):
    """A mail to the address of an invitation was taken; ``kind`` says as what."""

    name: ClassVar[str] = "convenings.guest_mail_taken"
    office: str
    kind: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class GuestMailRead(Event):
    """An organiser has seen to a mail that waited for a person."""

    name: ClassVar[str] = "convenings.guest_mail_read"
    office: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class SeatAnswered(Event):
    """A seat was answered; ``late`` after the deadline, ``on_behalf`` by an organiser."""

    name: ClassVar[str] = "convenings.seat_answered"
    office: str
    answer: str
    schedule: int
    late: bool
    on_behalf: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class CapacitySet(Event):
    """How many seats may be taken was set, in all and by one region; None is no limit."""

    name: ClassVar[str] = "convenings.capacity_set"
    seats: int | None
    per_region: int | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class PlaceGiven(Event):
    """A seat that waited moved up: it has a place now."""

    name: ClassVar[str] = "convenings.place_given"
    office: str
    kind: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class SeatHandedOver(Event):
    """A seat was passed on to a deputy, with the rights named."""

    name: ClassVar[str] = "convenings.seat_handed_over"
    office: str
    post: str
    step: int
    may_speak: bool
    may_sign: bool
    late: bool
    on_behalf: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class HandOverRevoked(Event):
    """A hand-over was taken back; ``cascaded`` says it fell with the one before it."""

    name: ClassVar[str] = "convenings.hand_over_revoked"
    office: str
    post: str
    step: int
    cascaded: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class LetterOfAssignmentAttached(Event):
    """A surat tugas was attached to a hand-over."""

    name: ClassVar[str] = "convenings.letter_of_assignment_attached"
    sha256: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class SignMandateTookEffect(Event):
    """A deputy may now sign: ``by`` a code to the office, or an organiser's acceptance."""

    name: ClassVar[str] = "convenings.sign_mandate_took_effect"
    office: str
    by: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class NameOnCardCorrected(Event):
    """A guest corrected a name that had been entered through the same invitation."""

    name: ClassVar[str] = "convenings.name_on_card_corrected"
    person_id: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PassIssued(Event):
    """A person got a pass for a convening."""

    name: ClassVar[str] = "convenings.pass_issued"
    person_id: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class LinksAskedAgain(Event):
    """Somebody asked for lost links; they went to a confirmed address only."""

    name: ClassVar[str] = "convenings.links_asked_again"
    invitations: int
    hand_overs: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class InvitationPassedOn(Event):
    """An organiser passed an invitation on by hand, by telephone or WhatsApp; ``done`` False takes
    that back."""

    name: ClassVar[str] = "convenings.invitation_passed_on"
    office: str
    sequence: int
    done: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class LetterheadSet(Event):
    """The letterhead of an organisation was written anew; ``emblem``: whether it shows one."""

    name: ClassVar[str] = "convenings.letterhead_set"
    organisation: str
    emblem: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class LetterSet(Event):
    """What the letter of a convening says was changed; ``changed`` names the fields."""

    name: ClassVar[str] = "convenings.letter_set"
    changed: tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class LetterNumbersGiven(Event):
    """Letters were given their numbers, from ``first`` to ``last``."""

    name: ClassVar[str] = "convenings.letter_numbers_given"
    first: str
    last: str
    given: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class LettersAsked(Event):
    """All letters of a convening were asked for as one file."""

    name: ClassVar[str] = "convenings.letters_asked"
    form: str
    letters: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class OwnTextsSet(Event):
    """Texts of the invitation were written anew; ``changed`` names them."""

    name: ClassVar[str] = "convenings.own_texts_set"
    changed: tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class InvitationTested(Event):
    """An organiser sent the invitation's mail to their own address, to look at it."""

    name: ClassVar[str] = "convenings.invitation_tested"


@dataclasses.dataclass(frozen=True, kw_only=True)
class AnnouncementSent(Event):
    """An organiser wrote to the guests, or to those of a reply, a region, a role (empty: all);
    ``sha256`` is of subject and text."""

    name: ClassVar[str] = "convenings.announcement_sent"
    replies: tuple[str, ...]
    region: str
    role: str
    recipients: int
    sha256: str
