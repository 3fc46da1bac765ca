"""The first page, of a graph and of a sandbox, and the questions that one can begin with."""
