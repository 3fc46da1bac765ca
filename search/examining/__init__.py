"""How good the answers are: questions with known answers, marked, counted and told in tables."""
