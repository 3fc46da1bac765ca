"""Questions and searches as people type them, and the pages that show what was found."""
