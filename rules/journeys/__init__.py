"""The rules of a child's journey."""
