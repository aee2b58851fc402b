"""To whom a message about an invitation goes: the office, or the deputy who comes for it."""

from __future__ import annotations

from dataclasses import dataclass

from cohorts.convenings import calendar
from cohorts.convenings.seat_state import SeatState, Step


@dataclass(frozen=True)
class Addressee:
    """An office by its seat, or ``deputy`` who comes for it; at ``address``."""

    state: SeatState
    deputy: Step | None
    address: str

    @property
    def subject(self) -> tuple[str, str]:
        """What the message is about, as the outbox keeps it."""
        if self.deputy is not None:
            return "hand_over", self.deputy.id
        return "invitation", self.state.invitation_id

    @property
    def name(self) -> str:
        return self.deputy.post if self.deputy is not None else self.state.office

    @property
    def thread(self) -> str:
        """Messages of one thread leave in their order."""
        if self.deputy is not None:
            return f"deputy:{self.deputy.id}"
        return calendar.thread(self.state.invitation_id)
