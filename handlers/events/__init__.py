"""A room that learns together: screens, live rounds, and fairs."""
