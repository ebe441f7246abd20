"""Learners without a telephone, and what the team sees with its own eyes."""
