"""What a newcomer wants to know, as pages: how to ask, query and take the data, how it is made, who runs it.

Rooms: `pages` answers requests, `contents` lists the pages, `coverage`, `disagreement` and `origins` count
what the graph has and lacks, `sample` picks a thing to show things by, `trials` writes requests to copy,
`stewards` knows who answers for the data, `shelf` keeps the documents that come with the software, and
`prose` makes HTML of their Markdown.
"""

from __future__ import annotations

from web.about.pages import blueprint

__all__ = ["blueprint"]
