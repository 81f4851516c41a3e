"""The councils' procedures as data with citations, and the loader that turns them into models."""
