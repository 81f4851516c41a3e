"""The rules of one meeting of a forum."""
