"""Services: they check what a person asks for, make events, store them and return the new view."""
