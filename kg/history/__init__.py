"""What changed from release to release: each statement, each entity, and the life of one entity.

KG_HOME/history/
├── ledger.sqlite       the steps from release to release, and what each did to which entity
└── 3-4.rdfp.gz         every change of a step, as RDF Patch
"""

from kg.history.activities import CREATE, DELETE, UPDATE
from kg.history.ledger import Activity, Selection
from kg.history.lifelines import Event, Lifeline, Span
from kg.history.record import Change, History
from kg.history.steps import Step

__all__ = [
    "CREATE",
    "DELETE",
    "UPDATE",
    "Activity",
    "Change",
    "Event",
    "History",
    "Lifeline",
    "Selection",
    "Span",
    "Step",
]
