"""The vocabulary of Waymark: frozen shapes, named values and refusals. No logic beyond validation."""
