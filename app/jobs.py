"""Jobs of the worker that are not messages: their kind begins with `job.`.

| kind | subject | what it does |
|---|---|---|
| job.guest_mail | invitation | reads a mail that came back, and takes the answer in it |
| job.print_pledge | signature | typesets the signed commitment and registers the file |
| job.print_letters | letter_run | typesets all letters of a convening as one file |
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app import filters
from app.adapters.print import PledgeSheet, Target
from app.extensions import settings
from app.letter_job import print_letters
from app.mail import facts
from app.mail_job import take_guest_mail
from app.unit import unit
from app.worker import Job, Tools, reading
from cohorts.ground.access import WORKER
from cohorts.ground.outbox import Message
from cohorts.pledges.documents import keep_document
from cohorts.pledges.tables import Signature, SignatureDocument

LANG = "id"  # the language of the documents, whatever the reader's is


def pledge_sheet(signature: Signature) -> PledgeSheet:
    """What the printed commitment says: the words of the signed bytes, not of today's tables."""
    pledge, convening = signature.pledge, signature.pledge.text.convening
    signed: dict[str, Any] = json.loads(pledge.data)
    text = signed["text"]
    zone = convening.timezone
    day = filters.day_of(signature.signed_at, zone)
    return PledgeSheet(
        number=signature.public_code,
        title=text["title"],
        version=str(text["version"]),
        issuer=settings().organiser_name,
        place=convening.venue.rpartition(",")[2].strip(),
        dated=filters.plain_date(day, LANG),
        preamble=text["preamble"],
        clauses=text["clauses"],
        targets=[_target(given) for given in text["targets"]],
        closing=text["closing"],
        signer_name=signature.signer_name,
        signer_office=signature.signer_post,
        on_behalf_of=signed["office"]["name"] if signature.hand_over_id else "",
        region=signed["region"]["name"],
        signed_at=filters.moment(signature.signed_at, zone, LANG),
        typed=signature.typed if signature.method == "typed" else "",
        strokes=[[(int(x), int(y)) for x, y in line] for line in signature.strokes or []],
        evidence=_evidence(signature, zone),
        digest=pledge.sha256,
        verify_url=facts.verify_link(signature.public_code),
        canonical=pledge.data,
        made=signature.signed_at,
        sample=convening.cohort.sample,
    )


def _target(given: dict[str, Any]) -> Target:
    due = filters.plain_date(date.fromisoformat(given["due_on"]), LANG)
    return Target(
        f"{given['title']} (paling lambat {due})",
        given["unit"] or "–",
        given["baseline"].replace(".", ",") or "–",
        given["target"].replace(".", ",") or "–",
    )


def _evidence(signature: Signature, zone: str) -> list[tuple[str, str]]:
    """The evidence record in words; what a reader of the paper needs, nothing personal."""
    method = "nama diketik" if signature.method == "typed" else "digambar di layar"
    return [
        ("Penanda tangan", f"{signature.signer_name}, {signature.signer_post}"),
        ("Waktu", filters.moment(signature.signed_at, zone, LANG, "Asia/Jakarta")),
        (
            "Cara dikenali",
            "tautan pribadi dan kode sekali pakai ke alamat resmi jabatan (tingkat L1)",
        ),
        ("Cara menandatangani", method),
        ("Sidik catatan bukti", filters.fingerprint(signature.evidence_sha256, 8)),
    ]


def print_pledge(tools: Tools, message: Message, now: datetime) -> str:
    """Typeset, store, register; a signature that has its document is left as it is."""
    session = reading()
    signature = session.get_one(Signature, message.subject_id)
    ident = signature.id
    known = session.get(SignatureDocument, ident)
    sheet = None if known else pledge_sheet(signature)
    session.rollback()
    if sheet is None:
        return "print:known"
    kept = tools.files.put(tools.printer.pledge(sheet), "application/pdf")
    with unit() as changing:
        keep_document(changing, ident, kept, actor=WORKER, now=now)
    return f"print:{kept.sha256}"


JOBS: Mapping[str, Job] = {
    "job.guest_mail": take_guest_mail,
    "job.print_pledge": print_pledge,
    "job.print_letters": print_letters,
}
