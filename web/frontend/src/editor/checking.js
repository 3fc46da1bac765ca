// What is wrong with the query, marked where it is and told in words below. The service reads it, as it will
// when it is run.

import { linter, setDiagnosticsEffect } from "@codemirror/lint";
import { StateField } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

const PAUSE = 600; // milliseconds without a key before the service is asked
const WORD = /^(?:[?$]?[\p{L}\p{N}_:.-]+|<[^>\s]*>?|.)/u;

export function checking(words, message) {
  return [
    linter((view) => faults(view, words, message), { delay: PAUSE }),
    isWrong,
    EditorView.contentAttributes.compute([isWrong], (state) => ({
      "aria-describedby": "message keys",
      "aria-invalid": String(state.field(isWrong)),
    })),
  ];
}

const isWrong = StateField.define({
  create: () => false,
  update: (value, transaction) => {
    const told = transaction.effects.filter((effect) => effect.is(setDiagnosticsEffect)).at(-1);
    return told ? told.value.some(({ severity }) => severity === "error") : value;
  },
});

async function faults(view, words, message) {
  const text = view.state.doc.toString();
  const answer = text.trim() ? await asked(words.check, text) : { valid: true, notice: "" };
  if (view.state.doc.toString() !== text) return [];
  const fault = answer.valid ? noticed(text, answer) : refused(text, answer);
  tell(view, message, words, fault);
  return fault ? [fault] : [];
}

async function asked(address, query) {
  try {
    const response = await fetch(address, { method: "POST", body: new URLSearchParams({ query }) });
    return response.ok ? await response.json() : { valid: true, notice: "" };
  } catch {
    return { valid: true, notice: "" }; // it will be told when the query is run
  }
}

// Lines and columns count from 1, and columns by characters, of which some have two units here.
function offset(text, line, column) {
  const lines = text.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const within = Array.from(lines[line - 1] ?? "").slice(0, column - 1).join("").length;
  return Math.min(before + within, text.length);
}

function marked(text, start, severity, detail, suggestion = "") {
  const found = WORD.exec(text.slice(start))?.[0] ?? "";
  const from = found ? start : Math.max(0, text.trimEnd().length - 1);
  return { from, to: found ? start + found.length : text.trimEnd().length, severity, message: detail, suggestion };
}

function refused(text, { detail, line, column, suggestion }) {
  return marked(text, line ? offset(text, line, column) : 0, "error", detail, suggestion);
}

function noticed(text, { notice }) {
  if (!notice) return null;
  const term = notice.split(" ")[0];
  const start = text.indexOf(term);
  const fault = marked(text, Math.max(0, start), "warning", notice);
  return start < 0 ? fault : { ...fault, to: start + term.length };
}

function tell(view, message, words, fault) {
  const said = fault?.message ?? "";
  if (message.firstChild?.textContent === said) return;
  message.replaceChildren(...(said ? [said] : []));
  message.className = fault?.severity ?? "";
  const line = fault?.suggestion ?? "";
  if (/^PREFIX \S*: <\S+>$/.test(line) && !line.includes("…")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words.declare.replace("%s", line.split(" ")[1]);
    button.addEventListener("click", () => {
      view.dispatch({ changes: { from: 0, insert: `${line}\n` }, userEvent: "input" });
      view.focus();
    });
    message.append(" ", button);
  }
}
