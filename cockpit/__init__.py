"""Incident Cockpit: a terminal cockpit for the person who runs an incident."""

__version__ = "0.1.0"
