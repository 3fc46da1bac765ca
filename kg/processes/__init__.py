"""Processes of ours: how one starts another, shuts itself in, and speaks with others by frames."""
