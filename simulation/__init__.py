"""What the settings of reviews do, reckoned for made-up learners: a model, never a measurement."""
