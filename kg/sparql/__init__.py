"""The text of a query: its terminals and keywords, how it is laid out, and what the engine makes of it."""
