"""Broadcasts: one text to all learners of a class or a place."""
