"""What the query behind a block of a page gives."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, urlsplit


def queried(service, block: str) -> list[dict[str, str]]:
    """The rows of the query to which a block links, as plain values by variable."""
    address = html.unescape(re.search(r'class="queried" href="([^"]+)"', block)[1])
    query = parse_qs(urlsplit(address).query)["query"][0]
    response = service.client.post("/sparql", data={"query": query}, headers={"Accept": "application/json"})
    assert response.status_code == 200, response.text
    found = response.json()["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in found]
