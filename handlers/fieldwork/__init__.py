"""What a team does away from the chat: milestones witnessed, visits logged, periods reported."""
