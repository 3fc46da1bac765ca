"""The graph seen for reading: by its terms, headings, collections, places, references and disagreements."""
