"""Floor 2: cohorts and their members, visits, scores and the threshold that success is read by."""
