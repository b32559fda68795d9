"""The team's server: an ordered event log per workspace in front of a database."""
