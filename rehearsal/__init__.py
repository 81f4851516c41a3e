"""Rehearsals: stories in TOML, played through the real workflows on a time-skipping server."""
