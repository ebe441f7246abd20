"""Roles, places, classes: who may do what, who learns with whom, who sees what."""
