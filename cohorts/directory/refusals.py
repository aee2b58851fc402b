"""What the directory refuses."""

from cohorts.directory.refusals_accounts import REFUSALS as ACCOUNTS

REFUSALS = {
    **ACCOUNTS,
    "directory.region_unknown": "No region has this code; facts: given.",
    "directory.role_unknown": "No post has this key; facts: given.",
    "directory.role_elsewhere": "The post does not exist in a region of this type; facts: office.",
    "directory.office_ended": "The office has ended and takes no holder or address any more.",
    "directory.nip_form": "A NIP has 18 digits and begins with a date of birth.",
    "directory.nip_known": "Another person has this NIP.",
    "directory.office_held": "The office has a definitive holder then; facts: since, until.",
    "directory.appointed_already": "The person holds this office already; facts: since.",
    "directory.appointment_over": "The appointment has ended already; facts: until.",
    "directory.ends_before_it_begins": "The end lies before the beginning; facts: since.",
    "directory.email_form": "The value is not an address of mail.",
    "directory.phone_form": "The value is not a telephone number.",
    "directory.contact_ended": "The address is no longer used.",
    "directory.stands_for_itself": "A post cannot stand in for itself.",
}
