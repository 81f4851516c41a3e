"""Telling people: who is meant by a post, what a notice says, and how it goes out."""
