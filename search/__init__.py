"""Meaning: from words to entities and statements, from a question to an answer."""
