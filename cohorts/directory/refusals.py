"""What the directory refuses."""

from cohorts.directory.refusals_accounts import REFUSALS as ACCOUNTS
from cohorts.directory.refusals_days import REFUSALS as DAYS

REFUSALS = {
    **ACCOUNTS,
    **DAYS,
    "directory.region_unknown": "No region has this code; facts: given.",
    "directory.role_unknown": "No post has this key; facts: given.",
    "directory.role_elsewhere": "The post does not exist in a region of this type; facts: office.",
    "directory.office_ended": "The office has ended and takes no holder or address any more.",
    "directory.nip_form": "A NIP has 18 digits and begins with a date of birth.",
    "directory.nip_known": "Another person has this NIP.",
    "directory.merge_itself": "A record is not merged with itself.",
    "directory.merged_away": "The record was merged into another, which stands for it; "
    "facts: person.",
    "directory.merge_keeps_others": "Others were merged into the record; facts: person.",
    "directory.merge_two_nips": "Two different NIPs are two people.",
    "directory.not_merged": "The record stands for itself: there is no merge to undo.",
    "directory.office_held": "The office has a definitive holder then; facts: since, until.",
    "directory.appointed_already": "The person holds this office already; facts: since.",
    "directory.appointment_over": "The appointment has ended already; facts: until.",
    "directory.ends_before_it_begins": "The end lies before the beginning; facts: since.",
    "directory.email_form": "The value is not an address of mail.",
    "directory.phone_form": "The value is not a telephone number.",
    "directory.contact_ended": "The address is no longer used.",
    "directory.import_changed": "The directory changed since the file was checked: it would now do "
    "something else.",
    "directory.stands_for_itself": "A post cannot stand in for itself.",
}
