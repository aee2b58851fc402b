"""What an invitation says in the mail and on WhatsApp, in the organisers' own words or the house's.

A text may name what ``names_for`` tells, in braces (cohorts.ground.braces). The house's words are
kept here, in both languages: a row exists only where a convening says it differently.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings.convening import where
from cohorts.convenings.events import InvitationTested, OwnTextsSet
from cohorts.convenings.letter_tables import OwnText
from cohorts.convenings.tables import Convening, Invitation
from cohorts.directory.tables import User
from cohorts.ground import bounds, braces, outbox
from cohorts.ground.access import Actor, demand
from cohorts.ground.canonical import canonical, sha256
from cohorts.ground.chronicle import record
from cohorts.ground.refusal import Refusal

GUEST_NAMES = ("jabatan", "daerah", "tautan")
"""What differs from guest to guest, and therefore stands in no letter that several read."""

SHARED_NAMES = (
    "pertemuan",
    "acara",
    "kohort",
    "hari",
    "pukul",
    "tempat",
    "pakaian",
    "tenggat",
    "narahubung",
    "penyelenggara",
)
NAMES = (*GUEST_NAMES, *SHARED_NAMES)
MAIL_NAMES = tuple(name for name in NAMES if name != "tautan")
"""The mail carries the link in a button of its own, and the organisers' copy hides it there."""

Key = tuple[str, str]
"""Which text, in which language."""

DEFAULTS: Mapping[Key, str] = {
    ("mail_opening", "id"): "Dengan hormat kami mengundang Saudara untuk menghadiri:",
    ("mail_opening", "en"): "We have the honour of inviting you to:",
    ("mail_ending", "id"): "Demikian disampaikan, atas perhatian dan kehadirannya diucapkan "
    "terima kasih.",
    ("mail_ending", "en"): "Thank you for your attention and your presence.",
    ("chat", "id"): "Yth. Bapak/Ibu {jabatan},\n"
    "Dengan hormat, kami mengundang Bapak/Ibu pada *{acara}*.\n"
    "Hari, tanggal: {hari}\n"
    "Pukul: {pukul}\n"
    "Tempat: {tempat}\n"
    "Pakaian: {pakaian}\n"
    "Surat dan konfirmasi kehadiran: {tautan}\n"
    "Mohon konfirmasi paling lambat {tenggat}.\n"
    "Narahubung: {narahubung}.\n"
    "Terima kasih.",
    ("chat", "en"): "Dear {jabatan},\n"
    "We have the honour of inviting you to *{acara}*.\n"
    "Date: {hari}\n"
    "Time: {pukul}\n"
    "Venue: {tempat}\n"
    "Dress: {pakaian}\n"
    "Letter and reply: {tautan}\n"
    "Please reply by {tenggat}.\n"
    "Contact: {narahubung}.\n"
    "Thank you.",
}
LIMIT = 1500


def names_for(key: Key) -> tuple[str, ...]:
    """What a text may name."""
    return NAMES if key[0] == "chat" else MAIL_NAMES


def texts(session: Session, convening_id: str) -> dict[Key, str]:
    """Every text of a convening: its own where it has one, else the house's."""
    return {**DEFAULTS, **_own(session, convening_id)}


def mark(session: Session, convening_id: str) -> str:
    """What an editor has seen of the texts, for ``set_texts``."""
    own = [[*key, text] for key, text in sorted(_own(session, convening_id).items())]
    return sha256(canonical(own))


def set_texts(
    session: Session,
    convening_id: str,
    wanted: Mapping[Key, str],
    seen: str,
    actor: Actor,
    now: dt.datetime,
) -> tuple[Key, ...]:
    """Write the texts over those that the editor saw (``seen`` is a ``mark``); returns which of
    them changed. An empty text, or the house's own words, is the house's text again.

    A refusal's field is ``<key>_<lang>``. Raises Refusal ground.stale, ground.too_long,
    ground.text_name, ground.text_brace, convenings.chat_without_link.
    """
    convening = session.get(Convening, convening_id, with_for_update=True)
    if convening is None:
        raise Refusal("ground.not_found")
    demand(actor, "convening.edit", where(convening))
    checked = {key: _checked(key, text) for key, text in wanted.items()}
    before = texts(session, convening_id)
    changed = tuple(key for key, text in checked.items() if text != before[key])
    if not changed:
        return ()
    if seen != mark(session, convening_id):
        raise Refusal("ground.stale")
    for key, lang in changed:
        row = session.get(OwnText, (convening_id, key, lang))
        text = checked[key, lang]
        if text == DEFAULTS[key, lang]:
            if row is not None:
                session.delete(row)
        elif row is None:
            session.add(OwnText(convening_id=convening_id, key=key, lang=lang, text=text))
        else:
            row.text = text
    session.flush()
    record(
        session,
        OwnTextsSet(
            subject=("convening", convening_id),
            cohort_id=convening.cohort_id,
            changed=tuple(f"{key}_{lang}" for key, lang in changed),
        ),
        actor,
        now,
    )
    return changed


def send_test(
    session: Session,
    convening_id: str,
    invitation_id: str | None,
    lang: str,
    actor: Actor,
    now: dt.datetime,
) -> str:
    """Post the invitation's mail, as the guest would get it, to the organiser's own address and to
    no other; returns that address. Marked as a test, without a calendar file, its link dead.

        invitation_test  subject (convening, id)  facts: invitation_id or None, user_id

    Raises Refusal ground.not_allowed to whoever has no account.
    """
    convening = session.get(Convening, convening_id)
    if convening is None:
        raise Refusal("ground.not_found")
    demand(actor, "convening.edit", where(convening))
    user = session.get(User, actor.id) if actor.kind == "user" else None
    if user is None:
        raise Refusal("ground.not_allowed", reason="no_role")
    if invitation_id is not None:
        invitation = session.get(Invitation, invitation_id)
        if invitation is None or invitation.convening_id != convening_id:
            raise Refusal("ground.not_found")
    posted = outbox.post(
        session,
        key=f"invitation_test:{convening_id}:{user.id}:{now.isoformat(timespec='seconds')}",
        kind="invitation_test",
        subject=("convening", convening_id),
        now=now,
        address=user.email,
        name=user.name,
        lang=lang if lang in ("id", "en") else "id",
        cohort_id=convening.cohort_id,
        facts={"invitation_id": invitation_id, "user_id": user.id},
    )
    if posted:
        record(
            session,
            InvitationTested(subject=("convening", convening_id), cohort_id=convening.cohort_id),
            actor,
            now,
        )
    return user.email


def _own(session: Session, convening_id: str) -> dict[Key, str]:
    rows = session.scalars(sa.select(OwnText).where(OwnText.convening_id == convening_id))
    return {(row.key, row.lang): row.text for row in rows}


def _checked(key: Key, given: str) -> str:
    if key not in DEFAULTS:
        raise Refusal("ground.not_found")
    field = "_".join(key)
    text = bounds.lines(given, most=LIMIT, field=field) or DEFAULTS[key]
    braces.check(text, names_for(key), field)
    if key[0] == "chat" and "tautan" not in braces.names(text, NAMES):
        raise Refusal("convenings.chat_without_link", field=field)
    return text
