"""Facts: what is said, by which source, in which release."""
