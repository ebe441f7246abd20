"""What a person can have the program do: ``python bot.py <name>``, one module a command."""
