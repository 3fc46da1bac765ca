"""SPARQL over HTTP: queries, updates and graphs, and the page to write queries and see answers on."""
