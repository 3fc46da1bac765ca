"""One selection of things, seen as a table, a map, a timeline or a network, and narrowed down by facets."""
