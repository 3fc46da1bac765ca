"""Writes: what an update changes, quad by quad, and what must be kept right because of it."""
