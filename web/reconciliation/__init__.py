"""The Reconciliation Service API: names of a table matched with entities, and what is said of these."""
