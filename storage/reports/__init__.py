"""One query layer for everything that is counted: chat, page and export call the same functions."""
