"""Readers of other formats: each makes events of a file and refuses what it cannot read."""
