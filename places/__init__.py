"""Where people live: provinces, and the communes and wards that make them up."""
