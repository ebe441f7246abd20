"""Lessons for groups: the tutor in a Telegram group, plans, and cards to paste."""
