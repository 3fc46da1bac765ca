"""Other endpoints: the SERVICE clauses of a query, asked before it is evaluated."""
