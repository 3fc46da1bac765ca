"""The graph as a dataset for whoever takes or lists it: catalogue, releases, dumps, what crawlers read."""
