"""The tables of facts: read strictly, traced back from statements, and written again from the journal."""
