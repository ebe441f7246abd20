"""What teams do away from the chat, as plain rules: milestones, visits, periods, reports, indicators."""
