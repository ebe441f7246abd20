"""Pages of numbers for teams and ambassadors, on the same web server."""
