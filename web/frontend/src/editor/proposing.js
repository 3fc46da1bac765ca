// What could stand at the cursor: words of the graph by any of their names, variables, keywords.

import { placeAt, AFTER, OBJECT, PREDICATE, SUBJECT } from "./place.js";
import { folded, matched, things, vocabulary } from "./vocabulary.js";

const PAUSE = 150; // milliseconds without a key before the service is asked for things
const SHORTEST = 2; // characters of a name that it is asked for
const MOST = 60;
const LOCAL = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_-]*)$/u;
const LONGEST = 60; // characters of an IRI that is shown with its name
const IN_PATTERNS = ["OPTIONAL { ", "FILTER(", "FILTER NOT EXISTS { ", "BIND(", "VALUES ", "UNION { ", "MINUS { ", "GRAPH "];
const OUTSIDE = ["SELECT ", "SELECT DISTINCT ", "ASK ", "CONSTRUCT ", "DESCRIBE ", "WHERE { ", "PREFIX ", "FROM ", "GROUP BY ", "HAVING(", "ORDER BY ", "LIMIT ", "OFFSET "];
const FUNCTIONS = ["STR", "LANG", "LANGMATCHES", "DATATYPE", "BOUND", "IF", "COALESCE", "CONTAINS", "STRSTARTS", "STRENDS", "REGEX", "REPLACE", "LCASE", "UCASE", "STRLEN", "SUBSTR", "CONCAT", "YEAR", "MONTH", "DAY", "ROUND", "ABS", "COUNT", "SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT"];

export function proposing(words) {
  return async (context) => {
    const text = context.state.doc.toString();
    const known = await vocabulary(words.schema);
    const place = placeAt(text, context.pos, known.prefixes);
    if (!place || (!place.begun && !context.explicit)) return null;
    const options = proposed(place, known, words);
    if (wantsThings(place)) options.push(...(await found(place, words, context)));
    if (context.aborted || !options.length) return null;
    return { from: place.from, options: options.slice(0, MOST), filter: false };
  };
}

function proposed(place, known, words) {
  const { begun } = place;
  if (/^[?$]/.test(begun)) return variables(place);
  if (place.isPrologue) return prefixes(begun, known);
  const terms = place.at === PREDICATE ? known.properties : place.at === OBJECT && place.isType ? known.classes : [];
  const named = ranked(terms, place, known, words);
  if (place.at === PREDICATE) return named;
  if (place.at === OBJECT && place.isType) return [...named, ...variables(place)];
  const plain = begun ? keywords(place) : [];
  const others = begun.includes(":") || place.isData ? anyTerms(place, known, words) : [];
  return [...variables(place), ...plain, ...others];
}

// CURIEs are looked for in their name space; words in all names, in every language.
function ranked(terms, place, known, words) {
  const [prefix, local] = place.begun.includes(":") ? place.begun.split(/:(.*)/s) : [null, place.begun];
  const typed = folded(local);
  const kinds = new Set(known.classes.filter(({ iri }) => place.classes.has(iri)).map((kind) => kind.written));
  const fitting = [];
  for (const term of terms) {
    if (prefix !== null && !term.written.startsWith(`${prefix}:`)) continue;
    const match = matched(term, typed);
    if (!match) continue;
    const uses = [...kinds].reduce((sum, kind) => sum + (term.classes?.[kind] ?? 0), 0);
    if (kinds.size && !uses && place.at === PREDICATE && !typed) continue;
    fitting.push({ term, match, uses });
  }
  fitting.sort((one, other) =>
    (other.uses > 0) - (one.uses > 0) || other.match.score - one.match.score
    || other.uses - one.uses || other.term.count - one.term.count);
  return fitting.slice(0, MOST).map(({ term, match, uses }) => option(term, match.name, told(term, uses, words), known));
}

function anyTerms(place, known, words) {
  return ranked([...known.classes, ...known.properties], { ...place, classes: new Set() }, known, words).slice(0, 20);
}

function told(term, uses, words) {
  const parts = [term.description];
  if (uses) parts.push(words.uses.replace("%s", uses));
  return parts.filter(Boolean).join(" ");
}

function option(term, name, info, known) {
  const isOther = name && folded(name) !== folded(term.label) && !term.written.includes(name);
  const details = [term.written.length < LONGEST ? term.written : "", isOther ? name : "", term.kinds ?? ""];
  return {
    label: term.written,
    displayLabel: term.label || term.written,
    detail: details.filter(Boolean).join(" · "),
    info: info || undefined,
    apply: (view, _, from, to) => insert(view, term.written, from, to, known.prefixes),
  };
}

// A prefix that the query does not declare is declared with its first use, so that it can be run elsewhere too.
function insert(view, written, from, to, known) {
  const place = placeAt(view.state.doc.toString(), from, known);
  const prefix = written.split(":")[0];
  const changes = [{ from, to, insert: written }];
  if (!written.startsWith("<") && prefix in known && place && !place.declared.has(prefix)) {
    const line = `PREFIX ${prefix}: <${known[prefix]}>`;
    changes.unshift({ from: place.prologue, insert: place.prologue ? `\n${line}` : `${line}\n` });
  }
  const change = view.state.changes(changes);
  view.dispatch({ changes: change, selection: { anchor: change.mapPos(to, 1) }, userEvent: "input.complete" });
}

function variables({ begun, variables: known }) {
  const typed = begun.replace(/^[?$]/, "");
  return known
    .filter((name) => name.startsWith(typed) && name !== typed)
    .sort()
    .map((name) => ({ label: `?${name}`, type: "variable" }));
}

function prefixes(begun, known) {
  const typed = begun.replace(/:$/, "");
  return Object.entries(known.prefixes)
    .filter(([name]) => name.startsWith(typed))
    .map(([name, space]) => ({ label: `${name}:`, detail: space, apply: `${name}: <${space}>\n` }));
}

function keywords({ begun, at, isBare, isExpression }) {
  const listed = isExpression ? FUNCTIONS.map((name) => `${name}(`) : isBare ? OUTSIDE : at === SUBJECT || at === AFTER ? IN_PATTERNS : [];
  const typed = begun.toUpperCase();
  return listed
    .filter((word) => word.startsWith(typed))
    .map((word) => ({ label: word.trim(), displayLabel: word.replace(/[ ({]+$/, ""), apply: word, type: "keyword" }));
}

function wantsThings({ begun, at, isType, isData, isExpression }) {
  const isPlace = at === SUBJECT || (at === OBJECT && !isType) || isData || isExpression;
  return isPlace && /^\p{L}/u.test(begun) && !begun.includes(":") && begun.length >= SHORTEST;
}

async function found(place, words, context) {
  await new Promise((resolve) => { setTimeout(resolve, PAUSE); });
  if (context.aborted || !words.lookup) return [];
  const known = await vocabulary(words.schema);
  return (await things(words.lookup, place.begun))
    .filter(({ kind }) => kind === "entity" || place.isExpression || place.isData)
    .map(({ iri, label, matched: name, classes }) =>
      option({ written: shortened(iri, known.prefixes), label, kinds: classes.slice(0, 2).join(", ") }, name, "", known));
}

// An IRI as queries write it: by the longest prefix that fits.
function shortened(iri, known) {
  const fitting = Object.entries(known).filter(([, space]) => iri.startsWith(space) && LOCAL.test(iri.slice(space.length)));
  const [prefix, space] = fitting.sort((one, other) => other[1].length - one[1].length)[0] ?? [];
  return space ? `${prefix}:${iri.slice(space.length)}` : `<${iri}>`;
}
