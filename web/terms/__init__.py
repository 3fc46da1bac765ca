"""The ontology, documented from the graph itself: one page for the whole, and one for each term.

Rooms: `pages` answers requests, `glossary` holds what all pages of a release share, `overview` and
`termsheet` say what stands on the page of the whole and of a term, `phrases` and `axioms` tell OWL in words,
`scopes` and `constraints` tell SHACL in words, `usage` finds how the graph uses a term, `listing` shows every
triple, `diagram` draws the classes in the places that `ring` gives them, and `editions` knows the versions.
"""

from __future__ import annotations

from web.terms.pages import blueprint

__all__ = ["blueprint"]
