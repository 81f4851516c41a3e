"""Recurring duties: when they come round, and what is done about one occurrence."""
