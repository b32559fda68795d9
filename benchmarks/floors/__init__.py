"""The least that a program of a kind can be: what ours is measured beside."""
