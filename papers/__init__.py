"""Agendas, pack indexes, decision sheets and minutes, as accessible HTML and tagged PDF."""
