"""The client of the team's server: push, pull and apply, each a step of its own."""
