"""A person's help: cases from asking to closing, notes, and what a teacher sees of a class."""
