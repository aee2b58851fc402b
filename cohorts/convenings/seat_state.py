"""One seat and everything behind it, at one moment: values, read from the rows by ``chain``."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cohorts.directory.tables import Person

STATES = ("unanswered", "attending", "delegated", "declined", "waiting")
COMING = ("attending", "delegated")
PREFIXES = {"definitive": "", "pj": "Pj. ", "plt": "Plt. ", "plh": "Plh. "}


@dataclass(frozen=True)
class Named:
    """A person's name in its three parts."""

    person_id: str
    front_title: str
    name: str
    back_title: str

    @property
    def full_name(self) -> str:
        front = f"{self.front_title} " if self.front_title else ""
        back = f", {self.back_title}" if self.back_title else ""
        return f"{front}{self.name}{back}"


@dataclass(frozen=True)
class Holder:
    """Who holds an office on a day; ``standing`` is definitive, pj, plt or plh."""

    person: Named
    standing: str


@dataclass(frozen=True)
class Answer:
    """The reply that holds for a seat."""

    id: str
    n: int
    answer: str
    person: Named | None
    reason: str | None
    note_id: str | None
    schedule: int
    late: bool
    on_behalf: bool
    at: dt.datetime


@dataclass(frozen=True)
class Step:
    """One hand-over. ``signs`` says whether the right to sign has taken effect, ``accepted_by``
    how (code, organizer)."""

    id: str
    step: int
    parent_id: str | None
    person: Named
    office_id: str | None
    role_key: str | None
    post: str
    post_en: str
    whatsapp: str
    may_speak: bool
    may_sign: bool
    signs: bool
    accepted_by: str | None
    letter_sha256: str | None
    late: bool
    on_behalf: bool
    at: dt.datetime
    revoked_at: dt.datetime | None
    revoked_by: str | None


@dataclass(frozen=True)
class Comer:
    """Who comes for a seat: a deputy, or for the office itself. ``may_sign`` is in effect."""

    person: Named
    post: str
    post_en: str
    hand_over_id: str | None
    may_speak: bool
    may_sign: bool


@dataclass(frozen=True)
class SeatState:
    """A seat with everything behind it, at one moment.

    ``seat`` is what it is for: the office itself, a post that the office sends (``post_key``), or
    its companion. ``queued`` says the last word of the waiting list was "wait".
    """

    seat_id: str
    kind: str
    position: int
    post_key: str | None
    seat: str
    seat_en: str
    queued: bool
    invitation_id: str
    generation: int
    withdrawn_at: dt.datetime | None
    convening_id: str
    convening_schedule: int
    office_id: str
    office: str
    office_en: str
    role_key: str
    role_order: int
    pool: bool
    organisation_id: str
    organisation: str
    region_code: str | None
    region: str | None
    region_en: str | None
    region_name: str
    timezone: str | None
    holder: Holder | None
    answer: Answer | None
    steps: tuple[Step, ...]

    @property
    def titled(self) -> str:
        """The office invited, with its holder's standing: "Pj. Wali Kota Ambon"."""
        return PREFIXES[self.holder.standing if self.holder else "definitive"] + self.office

    @property
    def placed(self) -> str:
        """What the seat is for: the office as it is titled, a post that it sends, a companion."""
        return self.titled if self.own else self.seat

    @property
    def own(self) -> bool:
        """Whether the office sits here itself."""
        return self.kind == "office" and self.post_key is None

    @property
    def wanted(self) -> bool:
        """Whether somebody is to sit here. A hand-over that was revoked keeps the seat: the office
        names another, or answers anew."""
        answered = self.answer is not None and self.answer.answer in COMING
        return answered and self.withdrawn_at is None

    @property
    def waiting(self) -> bool:
        """Whether the seat stands on the waiting list."""
        return self.wanted and self.queued

    @property
    def live(self) -> tuple[Step, ...]:
        """The hand-overs in force, first to last."""
        return tuple(step for step in self.steps if step.revoked_at is None)

    @property
    def of_old_schedule(self) -> bool:
        """Answered, but for a time or place that no longer holds."""
        return self.answer is not None and self.answer.schedule != self.convening_schedule

    @property
    def says(self) -> str:
        """What was last answered, whatever the schedule: one of STATES.

        A hand-over that was revoked leaves the seat unanswered; so does a calendar's TENTATIVE.
        """
        if self.answer is None or self.answer.answer == "tentative":
            return "unanswered"
        if self.answer.answer == "delegated" and not self.live:
            return "unanswered"
        return self.answer.answer

    @property
    def state(self) -> str:
        """What counts: an answer for an old schedule counts as unanswered; who came too late for
        the last seat waits."""
        if self.of_old_schedule:
            return "unanswered"
        return "waiting" if self.waiting and self.says in COMING else self.says

    @property
    def comes(self) -> Comer | None:
        """Who is to come; an answer for an old schedule keeps its person and pass. Nobody comes
        from the waiting list."""
        if self.withdrawn_at is not None or self.waiting:
            return None
        if self.live:
            last = self.live[-1]
            return Comer(
                last.person, last.post, last.post_en, last.id, last.may_speak, last.signs
            )
        if self.says == "attending" and self.answer is not None and self.answer.person is not None:
            own = self.kind == "office"
            return Comer(self.answer.person, self.placed, self.seat_en, None, own, own)
        return None


def named(person: Person) -> Named:
    """The name of a person."""
    shown = person.shown
    return Named(person.id, shown.front_title, shown.name, shown.back_title)
