"""How good the search is: query sets, scores, and collections of others; never imported by the product."""
