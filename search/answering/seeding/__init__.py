"""From the words of a question to its seeds: one kind of seed in each file, and what chooses among them."""
