"""Test suites of the W3C, run against a service over HTTP and against our readers of RDF."""
