// Where in a query the cursor is: what may stand there, and what the query says of the thing before it.

const TERMINAL =
  /(?<blank>[ \t\r\n]+)|(?<comment>#[^\r\n]*)|(?<iri><[^<>"{}|^`\\\s]*>)|(?<string>"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')|(?<variable>[?$][\p{L}\p{N}_]+)|(?<name>(?:[\p{L}_][\p{L}\p{N}_.-]*)?:(?:[\p{L}\p{N}_:%\\-]|\.(?=[\p{L}\p{N}_:%\\-]))*)|(?<word>[\p{L}_][\p{L}\p{N}_-]*)|(?<number>[0-9]+(?:\.[0-9]+)?)|(?<mark>[\s\S])/gu;
const BEGUN = /(?:[?$]?[\p{L}\p{N}_]|[?$]|:)[\p{L}\p{N}_:.-]*$/u;
const TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const PATTERNS = new Set(["optional", "union", "minus", "graph", "service", "where"]);
const EXPRESSIONS = new Set(["filter", "bind", "having", "values", "exists", "not"]);
export const [SUBJECT, PREDICATE, OBJECT, AFTER] = [0, 1, 2, 3];

export function* terminals(text) {
  for (const found of text.matchAll(TERMINAL)) {
    const kind = Object.keys(found.groups).find((name) => found.groups[name] !== undefined);
    if (kind !== "blank") yield { kind, text: found[0], start: found.index, end: found.index + found[0].length };
  }
}

// A reading goes through the terminals and knows at each place in which part of a triple it is.
class Reading {
  constructor(known) {
    this.prefixes = { ...known };
    this.declared = new Set();
    this.variables = new Set();
    this.classes = new Map(); // of variables and terms, as they are written
    this.groups = [];
    this.expressions = 0;
    this.prologue = 0; // where the last declaration ends
    this.before = "";
    this.earlier = "";
  }

  get group() {
    return this.groups.at(-1);
  }

  expanded(written) {
    if (written.startsWith("<")) return written.slice(1, -1);
    const [prefix, ...local] = written.split(":");
    return prefix in this.prefixes ? this.prefixes[prefix] + local.join(":") : "";
  }

  take({ kind, text, end }) {
    const word = kind === "word" ? text.toLowerCase() : "";
    if (kind === "comment") return;
    if (kind === "variable") this.variables.add(text.slice(1));
    if (kind === "iri" && this.earlier === "prefix") {
      const prefix = this.before.slice(0, -1);
      this.prefixes[prefix] = text.slice(1, -1);
      this.declared.add(prefix);
      this.prologue = end;
    } else if (kind === "mark") this.mark(text);
    else if (this.group && !this.expressions) this.term(kind, text, word);
    [this.earlier, this.before] = [this.before, word || text];
  }

  mark(text) {
    const { group } = this;
    if (text === "{") {
      this.groups.push({ at: SUBJECT, isData: /^(values)$/.test(this.head ?? "") });
      this.head = "";
    } else if (text === "}") {
      this.groups.pop();
      if (this.group) this.group.at = SUBJECT;
    } else if (text === "(" && !(group?.at === PREDICATE && !this.expressions)) this.expressions += 1;
    else if (text === ")" && this.expressions) this.expressions -= 1;
    else if (group && !this.expressions) this.part(group, text);
  }

  part(group, text) {
    if (text === ".") group.at = SUBJECT;
    else if (text === ";") [group.at, group.isPath] = [PREDICATE, false];
    else if (text === ",") group.at = OBJECT;
    else if ("/|".includes(text) && group.at === OBJECT) [group.at, group.isPath] = [PREDICATE, text === "/"];
    else if (text === "[") this.groups.push({ at: PREDICATE });
    else if (text === "]") {
      this.groups.pop();
      if (this.group) this.group.at = this.group.at === SUBJECT ? PREDICATE : AFTER;
    }
  }

  term(kind, text, word) {
    const { group } = this;
    if (PATTERNS.has(word) || EXPRESSIONS.has(word)) {
      group.at = SUBJECT;
      this.head = word;
      return;
    }
    if (kind === "word" && word !== "a") return;
    if (group.at === SUBJECT && (word || this.before === "graph" || this.before === "values")) return;
    if (group.at === SUBJECT) Object.assign(group, { subject: text, at: PREDICATE, isPath: false });
    else if (group.at === PREDICATE) Object.assign(group, { predicate: text, at: OBJECT });
    else if (group.at === OBJECT) {
      if (this.isType(group.predicate) && !group.isPath) this.bind(group.subject, text);
      group.at = AFTER;
    }
  }

  isType(predicate) {
    return predicate === "a" || (predicate && this.expanded(predicate) === TYPE);
  }

  bind(subject, kind) {
    const found = this.classes.get(subject) ?? new Set();
    found.add(this.expanded(kind));
    this.classes.set(subject, found);
  }
}

function read(text, known) {
  const reading = new Reading(known);
  for (const terminal of terminals(text)) reading.take(terminal);
  return reading;
}

// The whole query, but for the word that is being typed, tells what is bound; what is before it, the place.
export function placeAt(text, position, known) {
  const before = text.slice(0, position);
  const begun = BEGUN.exec(before)?.[0] ?? "";
  const from = position - begun.length;
  const last = [...terminals(text.slice(0, from))].at(-1);
  if (last && ((last.kind === "comment" && last.end === from && !/\n$/.test(text.slice(0, from)))
    || (last.kind === "mark" && "\"'<".includes(last.text)))) return null;
  const here = read(text.slice(0, from), known);
  const whole = read(`${text.slice(0, from)} ${text.slice(position)}`, known);
  const { group } = here;
  return {
    begun,
    from,
    at: group && !group.isData && !here.expressions ? group.at : null,
    isData: Boolean(group?.isData),
    isPrologue: here.before === "prefix",
    isExpression: here.expressions > 0,
    isType: Boolean(group && here.isType(group.predicate)),
    isBare: !group,
    classes: group && !group.isPath ? (whole.classes.get(group.subject) ?? new Set()) : new Set(),
    variables: [...whole.variables],
    declared: whole.declared,
    prologue: whole.prologue,
  };
}
