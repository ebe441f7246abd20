"""What the tutor remembers: the database, and one module for each noun kept in it."""
