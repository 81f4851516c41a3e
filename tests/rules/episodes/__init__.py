"""Care episodes, under the five councils' own files."""
