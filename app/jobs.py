"""Jobs of the worker that are not messages: their kind begins with `job.`.

| kind | subject | what it does |
|---|---|---|
| job.print_pledge | signature | typesets the signed commitment and registers the file |
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app import filters
from app.adapters.print import PledgeSheet, Target
from app.extensions import settings
from app.mail import facts
from app.unit import unit
from app.worker import Job, Tools, reading
from cohorts.ground import files
from cohorts.ground.outbox import Message
from cohorts.pledges.tables import Pledge, Signature, SignatureDocument

LANG = "id"  # the language of the documents, whatever the reader's is


def pledge_sheet(session: Session, signature: Signature) -> PledgeSheet:
    """What the printed commitment says, from the signed bytes and the evidence record."""
    pledge: Pledge = signature.pledge
    text, convening = pledge.text, pledge.text.convening
    zone = convening.timezone
    place = convening.address.rpartition(",")[2].strip() or convening.venue
    day = filters.day_of(signature.signed_at, zone)
    on_behalf = pledge.office.name if signature.hand_over_id else ""
    return PledgeSheet(
        number=signature.public_code,
        title=text.title,
        version=str(text.version),
        issuer=settings().organiser_name,
        place=place,
        dated=filters.plain_date(day, LANG),
        preamble=text.preamble,
        clauses=[str(clause) for clause in text.clauses],
        targets=[
            Target(
                f"{t.title} ({filters.plain_date(t.due_on, LANG)})",
                t.unit,
                t.baseline.replace(".", ",") or "–",
                t.target.replace(".", ",") or "–",
            )
            for t in text.targets
        ],
        closing=text.closing,
        signer_name=signature.signer_name,
        signer_office=signature.signer_post,
        on_behalf_of=on_behalf,
        region=pledge.region.full_name,
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
    known = session.get(SignatureDocument, signature.id)
    sheet = None if known else pledge_sheet(session, signature)
    ident = signature.id
    session.rollback()
    if sheet is None:
        return "print:known"
    kept = tools.files.put(tools.printer.pledge(sheet), "application/pdf")
    with unit() as changing:
        if changing.get(SignatureDocument, ident) is None:
            files.register(changing, kept, now)
            changing.add(SignatureDocument(signature_id=ident, sha256=kept.sha256, made_at=now))
    return f"print:{kept.sha256}"


JOBS: Mapping[str, Job] = {"job.print_pledge": print_pledge}
