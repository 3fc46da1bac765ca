"""SHACL in words (https://www.w3.org/TR/shacl/, sections 2 to 5): which rules the shapes set for a term."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.schema import Schema, is_nameless
from kg.store import IRI, Literal
from kg.validation import SHACL
from web.links import Link
from web.terms.phrases import LONGEST, Phrase, Speech, joined, words
from web.terms.scopes import Scope, iris, query_of, sh

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.store import Term

DEEPEST = 8
MOST_TARGETS = 4  # classes that a rule names; of more it tells how many
ONLY = "only "
TARGETS = {
    "targetClass": "Each ",
    "targetSubjectsOf": "Whatever has ",
    "targetObjectsOf": "Each value of ",
    "targetNode": "",
}
PATHS = {
    "zeroOrMorePath": ", any number of times",
    "oneOrMorePath": ", once or more",
    "zeroOrOnePath": ", once or not at all",
}
NODE_KINDS = {
    "IRI": "an IRI",
    "Literal": "a literal",
    "BlankNode": "a node without a name",
    "BlankNodeOrIRI": "no literal",
    "BlankNodeOrLiteral": "no IRI",
    "IRIOrLiteral": "an IRI or a literal",
}
# What stands before the value of each constraint component, and after it.
COMPONENTS = {
    "minCount": ("at least ", " value"),
    "maxCount": ("at most ", " value"),
    "datatype": (ONLY, ""),
    "class": (ONLY, ""),
    "minInclusive": ("at least ", ""),
    "maxInclusive": ("at most ", ""),
    "minExclusive": ("more than ", ""),
    "maxExclusive": ("less than ", ""),
    "minLength": ("at least ", " character"),
    "maxLength": ("at most ", " character"),
    "pattern": ("matching ", ""),
    "hasValue": ("among others ", ""),
    "equals": ("the same as those of ", ""),
    "disjoint": ("none that is one of ", ""),
    "lessThan": ("before those of ", ""),
    "lessThanOrEquals": ("not after those of ", ""),
}
FLAGS = {"uniqueLang": "at most 1 in a language", "closed": "nothing that is not asked for here"}
LISTED = {"in": ("one of ", "or"), "languageIn": ("in the language ", "or")}
LOGIC = {"or": "or", "and": "and", "xone": "or else"}
SEVERITIES = {"Violation": "must", "Warning": "should", "Info": "may"}


@dataclass(frozen=True)
class Rule:
    """One thing that a shape asks for: of whom, of which values, what; and what is said where it is not so.

    `severity` is "must", "should" or "may"; `query` is what decides where SPARQL does.
    """

    target: Phrase
    path: Phrase
    says: tuple[Phrase, ...]
    severity: str
    message: Link
    shape: Link
    query: str = ""


@dataclass(frozen=True)
class Rules:
    """Tells scopes as rules, by a speech whose schema is that of the shapes."""

    speech: Speech
    ontology: Schema
    scopes: Sequence[Scope]
    _told: dict[tuple[Term, int], Phrase] = field(default_factory=dict, repr=False)

    def of(self, iri: IRI) -> list[Rule]:
        """The rules for the members of a class or of wider ones, then all others that name the term."""
        wider = {iri, *self.ontology.above(iri)}
        chosen = [one for one in self.scopes if one.targets & wider or iri in one.mentioned]
        chosen.sort(key=lambda one: not one.targets & wider)
        return list(dict.fromkeys(rule for one in chosen if (rule := self._rule(one, wider))))

    def _target(self, scope: Scope, wider: set[IRI]) -> Phrase:
        """For whom a shape holds (section 2.1); of many classes those that the page is about."""
        shapes, phrases, whole = self.speech.schema, list[Phrase](), scope.whole
        for name, before in TARGETS.items():
            nodes = sorted(
                iris(shapes.objects(whole, sh(name))), key=lambda one: (one not in wider, str(one))
            )
            if len(nodes) > MOST_TARGETS:
                told = joined([self.speech.told(one) for one in nodes[: MOST_TARGETS - 1]], "or")
                rest = words(f" (and {len(nodes) - MOST_TARGETS + 1} others)")
                phrases.append((words(before), *told, rest))
            elif nodes:
                phrases.append(_framed(before, self.speech.joined(nodes, "or"), ""))
        if whole in scope.targets:
            phrases.append((words("Each "), self.speech.name(whole)))
        return joined(phrases, "and")

    def _rule(self, scope: Scope, wider: set[IRI]) -> Rule | None:
        """A scope in words; None where it asks for nothing itself."""
        shapes, part, query = self.speech.schema, scope.part, scope.query
        paths = () if query else shapes.objects(part, sh("path"))
        says = () if query else tuple(self._components(part, is_bare=not paths))
        if not says and not query:
            return None
        message = self._message(query) if query else Link("")
        return Rule(
            self._target(scope, wider),
            self._path(paths[0], 0) if paths else (),
            says,
            self._severity(part),
            message if message.text else self._message(part),
            self.speech.curie(part),
            query_of(shapes, query) if query else "",
        )

    def _components(self, shape: IRI, depth: int = 0, *, is_bare: bool = True) -> list[Phrase]:
        """What a shape asks, a phrase a constraint component (section 4); bare where it is of one thing."""
        shapes, found = self.speech.schema, list[Phrase]()
        for name, (before, after) in COMPONENTS.items():
            before = "" if is_bare and before == ONLY else before
            for value in shapes.objects(shape, sh(name)):
                plural = "s" if after and getattr(value, "value", "") != "1" else ""
                found.append(_framed(before, (self.speech.value(value),), after + plural))
        for name, (before, conjunction) in LISTED.items():
            for head in shapes.objects(shape, sh(name)):
                found.append(_framed(before, self.speech.joined(shapes.members(head), conjunction), ""))
        for kind in shapes.objects(shape, sh("nodeKind")):
            name = kind.value.removeprefix(SHACL) if isinstance(kind, IRI) else ""
            found.append((words(NODE_KINDS.get(name, name)),))
        for name, text in FLAGS.items():
            if Literal(True) in shapes.objects(shape, sh(name)):
                found.append((words(text),))
        return found + (self._nested(shape, depth + 1, is_bare=is_bare) if depth <= DEEPEST else [])

    def _nested(self, shape: IRI, depth: int, *, is_bare: bool) -> list[Phrase]:
        """What other shapes ask that this one refers to (sections 4.6 and 4.7)."""
        shapes, found = self.speech.schema, list[Phrase]()
        for name, conjunction in LOGIC.items():
            for head in shapes.objects(shape, sh(name)):
                members = [self._other(one, depth) for one in shapes.members(head)]
                found.append(joined(members, conjunction))
        for one in shapes.objects(shape, sh("not")):
            found.append(_framed("not ", self._other(one, depth), ""))
        for one in shapes.objects(shape, sh("node")):
            found.append(_framed("" if is_bare else ONLY, self._other(one, depth), ""))
        for one in shapes.objects(shape, sh("qualifiedValueShape")):
            for name, amount in (("qualifiedMinCount", "at least"), ("qualifiedMaxCount", "at most")):
                for number in shapes.objects(shape, sh(name)):
                    counted = (words(f"{amount} "), self.speech.value(number), words(" being "))
                    found.append((*counted, *self._other(one, depth)))
        return [phrase for phrase in found if phrase]

    def _other(self, node: Term, depth: int) -> Phrase:
        """A shape within another: what it asks, or its name; no longer than can be read."""
        if (node, depth) not in self._told:
            phrase = self._within(node, depth)
            self._told[node, depth] = phrase if len(phrase) <= LONGEST else (*phrase[:LONGEST], words("…"))
        return self._told[node, depth]

    def _within(self, node: Term, depth: int) -> Phrase:
        if not isinstance(node, IRI) or depth > DEEPEST:
            return (self.speech.value(node),)
        shapes = self.speech.schema
        paths = shapes.objects(node, sh("path"))
        says = joined(self._components(node, depth), "and")
        within = [self._other(one, depth + 1) for one in shapes.objects(node, sh("property")) if one != node]
        if paths and says:
            return (words("with "), *self._path(paths[0], 0), words(" "), *says)
        told = [phrase for phrase in (says, *within) if phrase]
        return joined(told, "and") if told and is_nameless(node) else (self.speech.curie(node),)

    def _path(self, node: Term, depth: int) -> Phrase:
        """A property path (section 2.3.1)."""
        shapes = self.speech.schema
        if not isinstance(node, IRI) or not is_nameless(node) or depth > DEEPEST:
            return (self.speech.value(node),)
        for prop in shapes.objects(node, sh("inversePath")):
            return (*self._path(prop, depth + 1), words(" read the other way"))
        for head in shapes.objects(node, sh("alternativePath")):
            return joined([self._path(one, depth + 1) for one in shapes.members(head)], "or")
        for name, after in PATHS.items():
            for prop in shapes.objects(node, sh(name)):
                return (*self._path(prop, depth + 1), words(after))
        return joined([self._path(one, depth + 1) for one in shapes.members(node)], "then")

    def _severity(self, shape: IRI) -> str:
        said = self.speech.schema.objects(shape, sh("severity"))
        name = said[0].value.removeprefix(SHACL) if said and isinstance(said[0], IRI) else "Violation"
        return SEVERITIES.get(name, "must")

    def _message(self, shape: IRI) -> Link:
        """What is said of who breaks the rule, in the first of the languages that has it."""
        said = [one for one in self.speech.schema.objects(shape, sh("message")) if isinstance(one, Literal)]
        langs = list(self.speech.links.langs)

        def place(one: Literal) -> int:
            return langs.index(one.language or "") if one.language in langs else len(langs)

        chosen = min(said, key=place, default=None)
        return Link(chosen.value, lang=chosen.language or "") if chosen else Link("")


def _framed(before: str, phrase: Iterable[Link], after: str) -> Phrase:
    return (*((words(before),) if before else ()), *phrase, *((words(after),) if after else ()))
