"""SHACL in words (https://www.w3.org/TR/shacl/, sections 2 to 5): which rules the shapes set for a term."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.aspects.schema import Schema, is_nameless
from kg.store import IRI, Literal
from kg.validation import SHACL
from web.links import Link
from web.terms.phrases import LONGEST, Phrase, Speech, framed, joined, words
from web.terms.scopes import Scope, iris, query_of, sh
from web.wording import N_, gettext, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.store import Term

DEEPEST = 8
MOST_TARGETS = 4  # classes that a rule names; of more it tells how many
EACH, ONLY, BARE = N_("Each %(value)s"), N_("only %(value)s"), "%(value)s"
TARGETS = {
    "targetClass": EACH,
    "targetSubjectsOf": N_("Whatever has %(value)s"),
    "targetObjectsOf": N_("Each value of %(value)s"),
    "targetNode": BARE,
}
PATHS = {
    "zeroOrMorePath": N_("%(value)s, any number of times"),
    "oneOrMorePath": N_("%(value)s, once or more"),
    "zeroOrOnePath": N_("%(value)s, once or not at all"),
}
NODE_KINDS = {
    "IRI": N_("an IRI"),
    "Literal": N_("a literal"),
    "BlankNode": N_("a node without a name"),
    "BlankNodeOrIRI": N_("no literal"),
    "BlankNodeOrLiteral": N_("no IRI"),
    "IRIOrLiteral": N_("an IRI or a literal"),
}
# What each constraint component says of its value; where it is 1, `ONE` has what is said instead.
COMPONENTS = {
    "minCount": N_("at least %(value)s values"),
    "maxCount": N_("at most %(value)s values"),
    "datatype": ONLY,
    "class": ONLY,
    "minInclusive": N_("at least %(value)s"),
    "maxInclusive": N_("at most %(value)s"),
    "minExclusive": N_("more than %(value)s"),
    "maxExclusive": N_("less than %(value)s"),
    "minLength": N_("at least %(value)s characters"),
    "maxLength": N_("at most %(value)s characters"),
    "pattern": N_("matching %(value)s"),
    "hasValue": N_("among others %(value)s"),
    "equals": N_("the same as those of %(value)s"),
    "disjoint": N_("none that is one of %(value)s"),
    "lessThan": N_("before those of %(value)s"),
    "lessThanOrEquals": N_("not after those of %(value)s"),
}
ONE = {
    "minCount": N_("at least %(value)s value"),
    "maxCount": N_("at most %(value)s value"),
    "minLength": N_("at least %(value)s character"),
    "maxLength": N_("at most %(value)s character"),
}
FLAGS = {"uniqueLang": N_("at most 1 in a language"), "closed": N_("nothing that is not asked for here")}
LISTED = {"in": N_("one of %(value)s"), "languageIn": N_("in the language %(value)s")}
QUALIFIED = {
    "qualifiedMinCount": N_("at least %(number)s being %(value)s"),
    "qualifiedMaxCount": N_("at most %(number)s being %(value)s"),
}
LOGIC = {"or": "or", "and": "and", "xone": "or else"}
SEVERITIES = {"Violation": N_("must"), "Warning": N_("should"), "Info": N_("may")}
# How a rule is told: by the query that decides, of what stands under a property, or of the thing itself.
TOLD = {
    ("must", "query"): N_("%(target)s must not be found by the query below."),
    ("should", "query"): N_("%(target)s should not be found by the query below."),
    ("may", "query"): N_("%(target)s may not be found by the query below."),
    ("must", "path"): N_("%(target)s must have under %(path)s: %(says)s."),
    ("should", "path"): N_("%(target)s should have under %(path)s: %(says)s."),
    ("may", "path"): N_("%(target)s may have under %(path)s: %(says)s."),
    ("must", "bare"): N_("%(target)s must be %(says)s."),
    ("should", "bare"): N_("%(target)s should be %(says)s."),
    ("may", "bare"): N_("%(target)s may be %(says)s."),
}


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

    @property
    def phrase(self) -> Phrase:
        """The rule as a sentence."""
        way = "query" if self.query else "path" if self.path else "bare"
        says = tuple(link for phrase in self.says for link in (words("; "), *phrase))[1:]
        return framed(TOLD[self.severity, way], target=self.target, path=self.path, says=says)


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
        for name, text in TARGETS.items():
            nodes = sorted(
                iris(shapes.objects(whole, sh(name))), key=lambda one: (one not in wider, str(one))
            )
            if len(nodes) > MOST_TARGETS:
                told = joined([self.speech.told(one) for one in nodes[: MOST_TARGETS - 1]], "or")
                more = len(nodes) - MOST_TARGETS + 1
                rest = words(" " + ngettext("(and %(num)s other)", "(and %(num)s others)", more))
                phrases.append(framed(text, value=(*told, rest)))
            elif nodes:
                phrases.append(framed(text, value=self.speech.joined(nodes, "or")))
        if whole in scope.targets:
            phrases.append(framed(EACH, value=(self.speech.name(whole),)))
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
        for name, text in COMPONENTS.items():
            of_many = BARE if is_bare and text == ONLY else text
            for value in shapes.objects(shape, sh(name)):
                is_one = getattr(value, "value", "") == "1"
                said = ONE.get(name, of_many) if is_one else of_many
                found.append(framed(said, value=(self.speech.value(value),)))
        for name, text in LISTED.items():
            for head in shapes.objects(shape, sh(name)):
                found.append(framed(text, value=self.speech.joined(shapes.members(head), "or")))
        for kind in shapes.objects(shape, sh("nodeKind")):
            name = kind.value.removeprefix(SHACL) if isinstance(kind, IRI) else ""
            found.append((words(gettext(NODE_KINDS.get(name, name))),))
        for name, text in FLAGS.items():
            if Literal(True) in shapes.objects(shape, sh(name)):
                found.append((words(gettext(text)),))
        return found + (self._nested(shape, depth + 1, is_bare=is_bare) if depth <= DEEPEST else [])

    def _nested(self, shape: IRI, depth: int, *, is_bare: bool) -> list[Phrase]:
        """What other shapes ask that this one refers to (sections 4.6 and 4.7)."""
        shapes, found = self.speech.schema, list[Phrase]()
        for name, conjunction in LOGIC.items():
            for head in shapes.objects(shape, sh(name)):
                members = [self._other(one, depth) for one in shapes.members(head)]
                found.append(joined(members, conjunction))
        for one in shapes.objects(shape, sh("not")):
            found.append(framed(N_("not %(value)s"), value=self._other(one, depth)))
        for one in shapes.objects(shape, sh("node")):
            found.append(framed(BARE if is_bare else ONLY, value=self._other(one, depth)))
        for one in shapes.objects(shape, sh("qualifiedValueShape")):
            for name, text in QUALIFIED.items():
                for number in shapes.objects(shape, sh(name)):
                    counted = (self.speech.value(number),)
                    found.append(framed(text, number=counted, value=self._other(one, depth)))
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
            return framed(N_("with %(path)s %(says)s"), path=self._path(paths[0], 0), says=says)
        told = [phrase for phrase in (says, *within) if phrase]
        return joined(told, "and") if told and is_nameless(node) else (self.speech.curie(node),)

    def _path(self, node: Term, depth: int) -> Phrase:
        """A property path (section 2.3.1)."""
        shapes = self.speech.schema
        if not isinstance(node, IRI) or not is_nameless(node) or depth > DEEPEST:
            return (self.speech.value(node),)
        for prop in shapes.objects(node, sh("inversePath")):
            return framed(N_("%(property)s read the other way"), property=self._path(prop, depth + 1))
        for head in shapes.objects(node, sh("alternativePath")):
            return joined([self._path(one, depth + 1) for one in shapes.members(head)], "or")
        for name, text in PATHS.items():
            for prop in shapes.objects(node, sh(name)):
                return framed(text, value=self._path(prop, depth + 1))
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
