"""Figures for managers: activity, timeliness, decisions and money, as spreadsheets and pages."""
