"""The queries of strangers, evaluated by workers: the pool that gives them out, and what each may use."""
