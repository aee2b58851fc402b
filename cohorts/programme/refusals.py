"""What the programme refuses."""

REFUSALS = {
    "programme.slug_form": "The cohort's address has other signs than a-z, 0-9 and hyphens.",
    "programme.slug_known": "Another cohort has this address.",
    "programme.ends_before_it_begins": "The cohort would end before its first day.",
    "programme.zone_unknown": "The time zone is not one of Indonesia's.",
    "programme.instrument_unknown": "The product does not know this instrument; facts: given.",
    "programme.value_off_scale": "The value lies outside the instrument's scale; facts: low, high.",
    "programme.year_outside": "The instrument was not used in this year; facts: years.",
    "programme.member_already": "The region is a member of this cohort; facts: region, since.",
    "programme.member_overlap": "The region was a member on that day already; facts: region.",
    "programme.not_member": "The region is not a member of this cohort.",
    "programme.left_before_joining": "The last day lies before the first; facts: since.",
    "programme.left_already": "The membership has ended already; facts: left_on.",
    "programme.entry_path_unknown": "The way a region came in is not one of the list.",
    "programme.visitor_missing": "A visit needs a region or an institution, and only one of them.",
    "programme.visit_known": "This visit is recorded already; facts: visitor.",
    "programme.visit_itself": "The reference region does not visit itself.",
    "programme.day_to_come": "The day lies in the future; facts: day.",
    "programme.score_known": "A value is known for region, instrument, year, kind; facts: value.",
    "programme.import_errors": "Rows of the file are wrong; facts: errors, a list of RowError.",
}
