"""What the rules of regional days refuse."""

REFUSALS = {
    "directory.day_year": "The day lies before or after the years kept; facts: first, last.",
    "directory.day_known": "The region has a day of this name on this date already.",
    "directory.day_ended": "The day is kept no longer.",
}
