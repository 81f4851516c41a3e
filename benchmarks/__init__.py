"""Waymark beside a bare Temporal workflow, measured in one run on one server."""
