"""Everything that is counted: chat, pages and exports ask the same functions."""
