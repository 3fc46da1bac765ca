// The editor of the query page. The text box of the form stays what is sent: the editor shows it, colours it,
// proposes what could follow and marks what is wrong. It lives in a shadow root, where its styles are adopted
// sheets, which the Content-Security-Policy lets be.

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, isolateHistory } from "@codemirror/commands";
import { bracketMatching, indentOnInput, StreamLanguage } from "@codemirror/language";
import { lintKeymap } from "@codemirror/lint";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { checking } from "./editor/checking.js";
import { look, sheet } from "./editor/look.js";
import { proposing } from "./editor/proposing.js";

const box = document.getElementById("query");
const form = box.form;
const words = JSON.parse(document.getElementById("words").textContent);

function run() {
  form.requestSubmit();
  return true;
}

// Without a key of its own Tab goes on to the next part of the page, so nobody is kept in the editor.
const KEYS = [
  ...closeBracketsKeymap,
  ...completionKeymap,
  ...defaultKeymap,
  ...historyKeymap,
  ...lintKeymap,
];

// What is typed goes into the text box; what is put there (by a tab, an example, the layout) comes here.
const telling = EditorView.updateListener.of((update) => {
  if (!update.docChanged) return;
  const text = update.state.doc.toString();
  if (box.value === text) return;
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
});

function mount() {
  const host = document.createElement("div");
  host.className = "editor";
  box.after(host);
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet()];
  const message = document.createElement("p");
  message.id = "message";
  message.setAttribute("role", "status");
  const keys = document.createElement("p");
  keys.id = "keys";
  keys.textContent = words.keys;
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: box.value,
      extensions: [
        Prec.highest(keymap.of([{ key: "Mod-Enter", run }])),
        keymap.of(KEYS),
        lineNumbers(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        highlightActiveLine(),
        EditorView.lineWrapping,
        StreamLanguage.define(sparql),
        EditorState.phrases.of(words.phrases),
        autocompletion({ override: [proposing(words)], icons: false, maxRenderedOptions: 60 }),
        checking(words, message),
        look,
        telling,
        EditorView.contentAttributes.of({
          "aria-label": form.querySelector("label[for=query]").textContent,
          spellcheck: "false",
          autocapitalize: "off",
        }),
      ],
    }),
  });
  root.append(message, keys);
  return view;
}

const view = mount();
const hadFocus = document.activeElement === box;
box.hidden = true;
box.required = false; // a browser would ask to fill in what cannot be seen
if (hadFocus) view.focus();

box.addEventListener("input", () => {
  const shown = view.state.doc.toString();
  if (box.value === shown) return;
  const changes = { from: 0, to: shown.length, insert: box.value };
  view.dispatch({ changes, annotations: isolateHistory.of("full") }); // a step of its own to be undone
});
box.addEventListener("focus", () => view.focus());
form.querySelector("label[for=query]").addEventListener("click", () => view.focus());
form.addEventListener("submit", (event) => {
  if (box.value.trim()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  view.focus();
}, { capture: true });
