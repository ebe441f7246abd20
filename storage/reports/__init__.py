"""What is counted: one module for each subject, and the same functions for chat, page and export."""
