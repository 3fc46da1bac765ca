"""From a question to an exact answer: seeds, query graphs, decision, sentence and evidence."""
