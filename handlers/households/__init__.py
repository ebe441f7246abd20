"""Learning at home: several on one telephone, and households."""
