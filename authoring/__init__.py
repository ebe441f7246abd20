"""What authors write, read from YAML and held against the rules before a learner sees it."""
