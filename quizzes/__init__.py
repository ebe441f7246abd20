"""Questions: what they are, how they are read, graded and asked in turn."""
