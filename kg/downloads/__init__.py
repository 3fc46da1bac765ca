"""Dumps: a release in every form in which it can be taken away, and what describes them."""
