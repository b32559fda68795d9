"""Measurements of what we promise; each is one command and prints its figures."""
