"""Pure tests of `rules.placements`."""
