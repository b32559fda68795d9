"""What an incident is: events, the pure fold to a frozen view, cadence, stakeholders, texts."""
