"""What the figures refuse."""

REFUSALS = {
    "figures.future": "A figure was asked for a day that has not come; facts: day.",
}
