"""Placements: what is legal, what each act does, and what the law says of where a child lives."""
