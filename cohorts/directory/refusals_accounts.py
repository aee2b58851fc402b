"""What the rules of accounts refuse. Gathered with the room's other refusals."""

REFUSALS = {
    "directory.account_known": "There is an account with this address already.",
    "directory.account_address": "The address of an account is not an address of mail.",
    "directory.account_closed": "The account is closed or holds no role.",
    "directory.account_in_use": "The account has a password: its owner asks for links alone.",
    "directory.invited_just_now": "A link was mailed just before; facts: minutes to wait.",
    "directory.grant_scope": "The role does not hold in a place of this kind.",
    "directory.grant_out_of_reach": "The actor may not give or take this role there.",
    "directory.grant_until_past": "The grant would end before it begins.",
    "directory.grant_known": "The account has this role there already, at least as long.",
    "directory.grant_over": "The grant has ended already.",
    "directory.last_administrator": "No other administrator stays as long.",
    "directory.last_organizer": "No other organiser stays as long for this place.",
    "directory.password_short": "The password is shorter than LEAST characters; facts: least.",
    "directory.password_guessable": "The password is the address, the name or one character.",
}
