"""The words of an invitation outside a page: the letter, the message for a chat, the calendar.

Used by the guest's own pages and by the organisers' lists. The letter is Indonesian: it is an
official document (tata naskah dinas).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _

from app import filters
from app.adapters import ics
from app.adapters.print import LetterSheet
from app.extensions import keys, settings
from app.mail.compose import page, reply_address
from cohorts.convenings.calendar import CalendarFacts
from cohorts.convenings.chain import SeatState
from cohorts.convenings.tables import Convening, Invitation, Pass
from cohorts.ground.links import Links

DELEGATION = {
    "in_person_only": "Mengingat pentingnya acara tersebut, dimohon kehadiran Saudara tidak "
    "diwakilkan.",
    "one_level_down": "Mengingat pentingnya acara tersebut, dimohon kehadiran Saudara; dalam hal "
    "berhalangan, dapat diwakilkan kepada pejabat satu tingkat di bawahnya yang berwenang "
    "mengambil keputusan.",
    "free": "Mengingat pentingnya acara tersebut, dimohon kehadiran Saudara; dalam hal "
    "berhalangan, dapat menugaskan pejabat yang mewakili.",
    "assign": "Sehubungan dengan itu, dimohon menugaskan pejabat atau petugas yang membidangi.",
}
_ORDINALS = ("", "Pertama", "Kedua", "Ketiga", "Keempat", "Kelima", "Keenam", "Ketujuh",
             "Kedelapan", "Kesembilan", "Kesepuluh")


def invitation_link(invitation_id: str, generation: int) -> str:
    """The full address of an office's own page."""
    return page("invitation", Links(keys().link).make("invitation", invitation_id, generation))


def deputy_link(hand_over_id: str) -> str:
    """The full address of a deputy's own page."""
    return page("seat", Links(keys().link).make("seat", hand_over_id))


def pass_link(pass_: Pass) -> str:
    """The full address of a pass."""
    return page("pass", Links(keys().link).make("pass", pass_.id, pass_.generation))


def convening_title(convening: Convening, lang: str) -> str:
    """What the convening is called in the language."""
    return convening.title_en if lang == "en" else convening.title_id


def convening_number(convening: Convening, lang: str) -> str:
    """ "Pertemuan ke-3", in English "3rd convening"."""
    with force_locale(lang):
        return str(_("Pertemuan %(number)s", number=filters.ordinal(convening.number, lang)))


def place(convening: Convening) -> str:
    """Venue and address in one line."""
    return ", ".join(part for part in (convening.venue, convening.address) if part)


def days(convening: Convening, lang: str) -> str:
    """The day or days at the venue."""
    first = filters.day_of(convening.starts_at, convening.timezone)
    last = filters.day_of(convening.ends_at, convening.timezone)
    return filters.date_range(first, last, lang)


def office_of(state: SeatState, lang: str) -> str:
    """The office invited, as it is addressed."""
    return state.office_en if lang == "en" else state.titled


def region_of(state: SeatState, lang: str) -> str:
    """The region or institution of the office."""
    region = state.region_en if lang == "en" else state.region
    return region or state.organisation


def chat_invitation(convening: Convening, state: SeatState, link: str, lang: str) -> str:
    """The invitation as a WhatsApp message: the post, what to do, one link, who sends."""
    own = state.timezone
    with force_locale(lang):
        lines = [
            _("Yth. Bapak/Ibu %(office)s,", office=office_of(state, lang)),
            _("Dengan hormat, kami mengundang Bapak/Ibu pada *%(event)s*.",
              event=convening_title(convening, lang)),
            _("Hari, tanggal: %(day)s", day=days(convening, lang)),
            _("Pukul: %(hours)s",
              hours=filters.both_clocks(convening.starts_at, convening.timezone, own, lang)),
            _("Tempat: %(place)s", place=place(convening)),
        ]
        if convening.dress:
            lines.append(_("Pakaian: %(dress)s", dress=convening.dress))
        lines += [
            _("Surat dan konfirmasi kehadiran: %(link)s", link=link),
            _("Mohon konfirmasi paling lambat %(when)s.",
              when=filters.moment(convening.reply_by, convening.timezone, lang, own)),
        ]
        if convening.contact_name:
            contact = ", ".join(p for p in (convening.contact_name, convening.contact_phone) if p)
            lines.append(_("Narahubung: %(contact)s.", contact=contact))
        lines.append(_("Terima kasih."))
    return "\n".join(str(line) for line in lines)


def chat_deputy(convening: Convening, state: SeatState, post: str, link: str, lang: str) -> str:
    """The message that passes a deputy's own link on."""
    with force_locale(lang):
        return str(_(
            "Yth. Bapak/Ibu %(post)s,\nBapak/Ibu ditunjuk mewakili %(office)s pada *%(event)s*, "
            "%(when)s, %(place)s.\nKartu masuk dan keterangan: %(link)s\nTerima kasih.",
            post=post,
            office=office_of(state, lang),
            event=convening_title(convening, lang),
            when=filters.moment(
                convening.starts_at, convening.timezone, lang, state.timezone),
            place=place(convening),
            link=link,
        ))


@dataclass(frozen=True)
class LetterWords:
    """What the letter to one office says; Indonesian."""

    issuer: str
    number: str
    subject: str
    to_office: str
    dated: str
    opening: str
    facts: Sequence[tuple[str, str]]
    delegation: str
    confirmation: str
    ending: str
    signer_office: str
    signer_name: str


def letter_words(
    convening: Convening,
    *,
    to_office: str,
    own_zone: str | None,
    dated: datetime,
    policy: str | None = None,
    reply_by: datetime | None = None,
) -> LetterWords:
    """The letter's words for one office; ``policy`` and ``reply_by`` may be what is about to be
    saved."""
    zone = convening.timezone
    ordinal = (
        _ORDINALS[convening.number]
        if convening.number < len(_ORDINALS)
        else f"ke-{convening.number}"
    )
    due = filters.moment(reply_by or convening.reply_by, zone, "id", own_zone)
    rows = (
        ("Hari, tanggal", days(convening, "id")),
        ("Pukul",
         f"{filters.both_clocks(convening.starts_at, zone, own_zone, 'id')} s.d. selesai"),
        ("Tempat", place(convening)),
        ("Acara", convening.title_id),
        ("Pakaian", convening.dress),
        ("Narahubung",
         " ".join(p for p in (convening.contact_name, convening.contact_phone) if p)),
    )
    return LetterWords(
        issuer=convening.host or settings().organiser_name,
        number=convening.letter_number,
        subject=f"Undangan Pertemuan {ordinal} {settings().organiser_name}",
        to_office=to_office,
        dated=filters.plain_date(filters.day_of(dated, zone), "id"),
        opening="Dengan hormat, kami mengundang Saudara untuk menghadiri Pertemuan "
        f"{ordinal} {convening.cohort.name_id} yang akan diselenggarakan pada:",
        facts=[row for row in rows if row[1]],
        delegation=DELEGATION[policy or convening.policy],
        confirmation=f"Konfirmasi kehadiran disampaikan paling lambat {due} melalui tautan di "
        "bawah ini.",
        ending="Demikian disampaikan, atas perhatian dan kehadirannya diucapkan terima kasih.",
        signer_office=f"Panitia {settings().organiser_name}",
        signer_name=convening.contact_name or settings().contact_name,
    )


def letter_sheet(
    convening: Convening, invitation: Invitation, state: SeatState, link: str
) -> LetterSheet:
    """The letter to one office, ready to be typeset."""
    words = letter_words(
        convening, to_office=state.titled, own_zone=state.timezone, dated=invitation.invited_at
    )
    return LetterSheet(
        issuer=words.issuer,
        unit=settings().organiser_name if convening.host else "",
        address="",
        place_and_date=words.dated,
        number=words.number,
        security="Segera",
        attachment="-",
        subject=words.subject,
        to_office=words.to_office,
        to_place="Tempat",
        opening=words.opening,
        facts=words.facts,
        delegation=words.delegation,
        confirmation=words.confirmation,
        link=link,
        ending=words.ending,
        signer_office=words.signer_office,
        signer_name=words.signer_name,
        signer_rank="",
        copies=(),
        made=invitation.invited_at,
        sample=convening.cohort.sample,
    )


def calendar_file(
    facts: CalendarFacts, invitation_id: str, *, email: str, name: str, link: str, lang: str
) -> bytes:
    """The calendar file that a guest takes from the page: the same event as in the mail."""
    event = ics.CalendarEvent(
        uid=facts.uid,
        sequence=facts.sequence,
        zone=facts.zone,
        start=facts.starts_at,
        end=facts.ends_at,
        title=facts.title_en if lang == "en" else facts.title_id,
        place=facts.place,
        url=link,
        description=link,
        created=facts.created,
        revised=facts.revised,
    )
    answer: ics.Answer = "ACCEPTED" if facts.partstat == "ACCEPTED" else "NEEDS-ACTION"
    organizer = ics.Organizer(reply_address(invitation_id), settings().organiser_name)
    return ics.build(event, ics.Guest(email, name, answer), "REQUEST", organizer)
