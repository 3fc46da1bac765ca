// The words of the graph: classes and properties by any of their names, and things by asking the service.

const MARKS = /\p{M}/gu;
const EDGE = /[\s_\-/().,]+/u;

export function folded(text) {
  return text.normalize("NFD").replace(MARKS, "").toLowerCase();
}

// How well a name fits what is typed: 3 where it begins so, 2 where one of its words does, 1 where it has it.
function fit(name, typed) {
  if (name.startsWith(typed)) return 3;
  if (name.split(EDGE).some((word) => word.startsWith(typed))) return 2;
  return typed.length > 2 && name.includes(typed) ? 1 : 0;
}

function prepared(term) {
  const local = term.written.replace(/^[^:]*:/, "").replace(/[<>]/g, "");
  const names = [term.label, ...term.names, local].map((name) => ({ name, folded: folded(name) }));
  return { ...term, names };
}

// The name by which a term is meant, and how well it fits; nothing where none does.
export function matched(term, typed) {
  if (!typed) return { name: term.label, score: 1 };
  let best = null;
  for (const { name, folded: one } of term.names) {
    const score = fit(one, typed);
    if (score > (best?.score ?? 0)) best = { name, score };
  }
  return best;
}

let asked;

// The answer is kept by the browser as long as the release is served.
export function vocabulary(address) {
  asked ??= fetch(address)
    .then((response) => (response.ok ? response.json() : Promise.reject(new Error(response.statusText))))
    .then(({ prefixes, classes, properties }) => ({
      prefixes,
      classes: classes.map(prepared),
      properties: properties.map(prepared),
    }))
    .catch(() => {
      asked = undefined;
      return { prefixes: {}, classes: [], properties: [] };
    });
  return asked;
}

export async function things(address, text, signal) {
  try {
    const response = await fetch(`${address}${address.includes("?") ? "&" : "?"}${new URLSearchParams({ q: text, limit: 8 })}`, { signal });
    return response.ok ? (await response.json()).suggestions : [];
  } catch {
    return [];
  }
}
