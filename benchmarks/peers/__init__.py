"""The bare bots and pages that the tutor is measured against."""
