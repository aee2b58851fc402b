"""What the surat undangan of a convening says, and to whom (tata naskah dinas; domain rules,
section 4).

One letter for each office, or one "Yth. Daftar Terlampir" for all with the list attached. Sentences
may name things in braces; in a letter that several read nothing is named that differs from guest to
guest. Nothing here is sent by itself: the letter is printed when it is asked for.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from typing import Any

from sqlalchemy.orm import Session

from cohorts.convenings import chain
from cohorts.convenings.chain import SeatState
from cohorts.convenings.convening import where
from cohorts.convenings.events import LetterSet
from cohorts.convenings.letter_tables import MODES, NUMBERING, Letter, Letterhead
from cohorts.convenings.letterheads import lines
from cohorts.convenings.own_texts import NAMES, SHARED_NAMES
from cohorts.convenings.tables import Convening
from cohorts.directory.people import plain_nip
from cohorts.ground import bounds, braces
from cohorts.ground.access import Actor, demand
from cohorts.ground.chronicle import record
from cohorts.ground.refusal import Refusal

SECURITY = ("Biasa", "Segera", "Sangat Segera", "Penting", "Terbatas", "Rahasia")
"""What is offered as sifat; any other word may be written."""

PATTERN = "{klas}/{urut}/{unit}/{tahun}"
PATTERN_NAMES = ("klas", "urut", "unit", "bulan", "tahun")
NUMBER_LIMIT = 80
LONGEST_DATE = {"bulan": "VIII", "tahun": "9999"}
LISTED_ABOVE = 5
"""Up to so many offices a letter to several names them itself; above, the list is attached."""

DEFAULT_SUBJECT = "Undangan {pertemuan} {penyelenggara}"
DEFAULT_OPENING = (
    "Dengan hormat, kami mengundang Saudara untuk menghadiri {pertemuan} {kohort} yang akan "
    "diselenggarakan pada:"
)
DEFAULT_CONFIRMATION = {
    "each": "Konfirmasi kehadiran disampaikan paling lambat {tenggat} melalui tautan di bawah ini.",
    "list": "Konfirmasi kehadiran disampaikan paling lambat {tenggat} melalui tautan pribadi yang "
    "dikirimkan kepada masing-masing undangan.",
}
DEFAULT_ENDING = "Demikian disampaikan, atas perhatian dan kehadirannya diucapkan terima kasih."

LIMITS = {
    "pattern": 80,
    "code": 20,
    "unit": 40,
    "place": 80,
    "security": 40,
    "attachment": 60,
    "subject": 300,
    "signer_name": 200,
    "signer_rank": 80,
}
SENTENCES = ("opening", "confirmation", "ending")
SENTENCE_LIMIT = 1500
_HEAD = re.compile(r"(?:(?:Pj|Plt|Plh)\.\s*)?(?:Gubernur|Bupati|Wali ?kota)\b", re.I)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Terms:
    """All that an organiser says of a letter. Empty sentences and an empty attachment stand for
    the house's; ``numbering`` is waiting (the number comes from elsewhere), one, or each."""

    organisation_id: str | None = None
    mode: str = "each"
    numbering: str = "waiting"
    pattern: str = PATTERN
    code: str = "005"
    unit: str = ""
    first_number: int = 1
    place: str = ""
    dated: dt.date | None = None
    security: str = "Segera"
    attachment: str = ""
    subject: str = ""
    opening: str = ""
    confirmation: str = ""
    ending: str = ""
    with_programme: bool = False
    signer_office: str = ""
    signer_name: str = ""
    signer_rank: str = ""
    signer_nip: str = ""
    copies: str = ""

    def checked(self) -> Terms:
        """The terms with their texts stripped; raises the first Refusal that applies."""
        texts: dict[str, Any] = {
            name: bounds.line(getattr(self, name), most=limit, field=name)
            for name, limit in LIMITS.items()
        }
        for name in SENTENCES:
            texts[name] = bounds.lines(getattr(self, name), most=SENTENCE_LIMIT, field=name)
        office = lines(
            self.signer_office, each=200, most=3, field="signer_office", code="signer_lines"
        )
        copies = lines(self.copies, each=200, most=15, field="copies", code="copies_lines")
        texts["signer_office"] = bounds.lines("\n".join(office), most=300, field="signer_office")
        texts["copies"] = "\n".join(copies)
        texts["security"] = texts["security"] or "Biasa"
        texts["pattern"] = texts["pattern"] or PATTERN
        texts["signer_nip"] = plain_nip(self.signer_nip, field="signer_nip") or ""
        found = dataclasses.replace(self, **texts)
        if found.mode not in MODES or found.numbering not in NUMBERING:
            raise Refusal("ground.needed", field="mode")
        found._signer_is_complete()
        allowed = SHARED_NAMES if found.mode == "list" else NAMES
        braces.check(found.subject, SHARED_NAMES, "subject")
        for name in SENTENCES:
            braces.check(getattr(found, name), allowed, name)
        found._can_number()
        return found

    @property
    def by_head(self) -> bool:
        """Signed by a kepala daerah: no rank and no NIP."""
        return _HEAD.match(self.signer_office) is not None

    def _signer_is_complete(self) -> None:
        if self.by_head:
            for name in ("signer_rank", "signer_nip"):
                if getattr(self, name):
                    raise Refusal("convenings.head_without_rank", field=name)

    def _can_number(self) -> None:
        braces.check(self.pattern, PATTERN_NAMES, "pattern")
        used = braces.names(self.pattern, PATTERN_NAMES)
        if not 1 <= self.first_number <= 999_999:
            raise Refusal("convenings.first_number", field="first_number")
        if self.numbering == "waiting":
            return
        for name, key in (("code", "klas"), ("unit", "unit")):
            if key in used and not getattr(self, name):
                raise Refusal("ground.needed", field=name)
        if self.numbering == "each" and "urut" not in used:
            raise Refusal("convenings.pattern_needs_order", field="pattern")
        if self.numbering == "each" and self.mode == "list":
            raise Refusal("convenings.one_letter_one_number", field="numbering")
        longest = {"klas": self.code, "urut": "9" * 7, "unit": self.unit, **LONGEST_DATE}
        if len(braces.fill(self.pattern, longest)) > NUMBER_LIMIT:
            raise Refusal("ground.too_long", field="pattern", limit=NUMBER_LIMIT)


FIELDS = tuple(field.name for field in dataclasses.fields(Terms))


def terms(session: Session, convening_id: str) -> Terms:
    """What the letter says; the house's own until somebody has written it."""
    row = session.get(Letter, convening_id)
    return Terms(**{name: getattr(row, name) for name in FIELDS}) if row else Terms()


def version(session: Session, convening_id: str) -> int:
    """The version an editor begins from; 0 where nobody has written the letter yet."""
    row = session.get(Letter, convening_id)
    return row.version if row else 0


def set_terms(
    session: Session,
    convening_id: str,
    wanted: Terms,
    seen: int,
    actor: Actor,
    now: dt.datetime,
) -> Letter:
    """Write what the letter says over the version that the editor saw.

    Numbers already given stay. Raises Refusal ground.stale, ground.text_name, ground.text_brace,
    convenings.head_without_rank, pattern_needs_order, one_letter_one_number, first_number,
    letterhead_unknown and those of the texts' lengths.
    """
    convening = session.get(Convening, convening_id, with_for_update=True)
    if convening is None:
        raise Refusal("ground.not_found")
    demand(actor, "convening.edit", where(convening))
    wanted = wanted.checked()
    of = wanted.organisation_id
    if of is not None and session.get(Letterhead, of) is None:
        raise Refusal("convenings.letterhead_unknown", field="organisation_id")
    row = session.get(Letter, convening_id, populate_existing=True)
    if (row.version if row else 0) != seen:
        raise Refusal("ground.stale")
    before = terms(session, convening_id)
    if row is None:
        row = Letter(convening_id=convening_id, version=0)
        session.add(row)
    for name in FIELDS:
        setattr(row, name, getattr(wanted, name))
    row.version += 1
    session.flush()
    record(
        session,
        LetterSet(
            subject=("convening", convening_id),
            cohort_id=convening.cohort_id,
            changed=tuple(n for n in FIELDS if getattr(before, n) != getattr(wanted, n)),
        ),
        actor,
        now,
    )
    return row


def addressees(session: Session, convening_id: str, now: dt.datetime) -> list[SeatState]:
    """Every office invited, each by its first seat, in the order of the attached list: by region,
    then protocol."""
    found: dict[str, SeatState] = {}
    for seat in chain.seats(session, at=now, convening_id=convening_id):
        found.setdefault(seat.invitation_id, seat)
    return list(found.values())
