"""The graph as a network of entities: what links two of them, who shares what, what is central.

Rooms: `linkage` says which statements link entities, `paths` finds the shortest explanations, `explanation`
tells them, `projection` links things by what they share, `route` says by what, `measures` and `communities`
find what is in it, `study` puts it together, and `exchange` writes it for other programs.
"""

from __future__ import annotations

from kg.network.explanation import Explanation, Step
from kg.network.linkage import Linkage
from kg.network.measures import centrality
from kg.network.paths import Network, network

__all__ = ["Explanation", "Linkage", "Network", "Step", "centrality", "network"]
