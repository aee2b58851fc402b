"""What the room of commitments refuses."""

REFUSALS = {
    "pledges.draft_exists": "The cohort already has a draft; facts: version. Edit that one.",
    "pledges.text_fixed": "A published text never changes; begin the next version.",
    "pledges.text_incomplete": "The text lacks something it needs; facts: missing (keys).",
    "pledges.target_number": "A baseline or target is not a decimal number; facts: row.",
    "pledges.target_owner": "A target's owner is not a post of a region; facts: row.",
    "pledges.not_published": "Only a published text can be offered.",
    "pledges.cohort_mismatch": "The convening belongs to another cohort.",
    "pledges.office_without_region": "Only an office of a region can be asked to sign.",
    "pledges.void": "The offer was taken back or replaced by a newer version.",
    "pledges.already_signed": "The commitment is signed; facts: at, public_code.",
    "pledges.no_holder": "Nobody is recorded as holder of the office, so nobody can sign for it.",
    "pledges.no_mandate": "The deputy's right to sign has not taken effect, or was revoked.",
    "pledges.consent_missing": "The consent was not ticked.",
    "pledges.name_missing": "No name was typed.",
    "pledges.name_differs": "The typed name shares no word with the signatory's; facts: name.",
    "pledges.strokes_missing": "Nothing, or hardly anything, was drawn.",
    "pledges.strokes_invalid": "The drawing is not made of whole-number points on the pad.",
    "pledges.not_prepared": "There is no signature to confirm: draw or type it first.",
    "pledges.no_confirmed_contact": "The office has no confirmed address a code could be sent to.",
    "pledges.mail_not_sent": "Messages are only written to files here, so no code can arrive; "
    "outside sample cohorts nothing is signed by link.",
    "pledges.reason_missing": "Declining or withdrawing needs a reason.",
    "pledges.not_signed": "There is no signature to withdraw.",
}
