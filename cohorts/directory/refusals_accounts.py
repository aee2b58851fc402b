"""What the rules of accounts refuse. Gathered with the room's other refusals."""

REFUSALS = {
    "directory.account_known": "There is an account with this address already.",
    "directory.account_address": "The address of an account is not an address of mail.",
    "directory.password_short": "The password is shorter than LEAST characters; facts: least.",
    "directory.password_guessable": "The password is the address, the name or one character.",
}
