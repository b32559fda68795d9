"""Keeps events and what they amount to in one SQLite file, and unfinished texts beside it."""
