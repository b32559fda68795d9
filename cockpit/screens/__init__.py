"""Screens: they put widgets together and turn what the person wants into service calls."""
