"""RDF as it is sent and received: documents about what an IRI names, and the context of JSON-LD."""
