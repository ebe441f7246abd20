"""Benchmarks: four commands that say how fast the tutor is, and against whom. See README.md."""
