"""A commune that does not exist, learning for a month through the real conversations."""
