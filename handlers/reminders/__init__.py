"""Being reminded, resting, stopping, and by whose clock."""
