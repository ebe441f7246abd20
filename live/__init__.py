"""A round that a whole room takes part in: what its screen shows, and who moves it."""
