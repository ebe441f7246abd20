"""What a person can do with the tutor: one module each, and the list of them."""
