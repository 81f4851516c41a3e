"""What lies ahead: renewals, reviews, contract ends and panel dates, as lists and calendar feeds."""
