// How the editor looks: in the colours of the page, which custom properties bring into its shadow root.

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const theme = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--surface)", border: "1px solid var(--muted)", borderRadius: "var(--radius)", overflow: "hidden" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", fontSize: "0.9375rem", lineHeight: "1.5", minHeight: "11rem", maxHeight: "min(36rem, 60vh)" },
  ".cm-content": { padding: "0.8rem 0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 1rem 0 0.5rem" },
  ".cm-gutters": { color: "var(--muted)", backgroundColor: "transparent", border: "0" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "2rem", padding: "0 0.25rem 0 0.5rem" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--accent) 6%, transparent)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "color-mix(in srgb, var(--accent) 25%, transparent)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "color-mix(in srgb, var(--accent) 20%, transparent)", outline: "1px solid var(--accent)" },
  // Pictures in style sheets come from data: addresses, which the Content-Security-Policy does not let be.
  ".cm-lintRange": { paddingBottom: "0" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--warn) 2px", textUnderlineOffset: "3px" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline dotted var(--warn) 2px", textUnderlineOffset: "3px" },
  ".cm-tooltip": { color: "var(--ink)", backgroundColor: "var(--surface)", border: "1px solid var(--muted)", borderRadius: "0.4rem", boxShadow: "var(--shadow)" },
  ".cm-diagnostic": { padding: "0.4rem 0.7rem", borderLeft: "3px solid var(--warn)", maxWidth: "28rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--sans)", fontSize: "0.9375rem", maxHeight: "16rem", maxWidth: "min(34rem, 90vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.3rem 0.7rem", lineHeight: "1.4" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { color: "var(--on-accent)", backgroundColor: "var(--accent)" },
  ".cm-completionDetail": { marginLeft: "0.6rem", fontFamily: "var(--mono)", fontStyle: "normal", fontSize: "0.8125rem", color: "var(--muted)" },
  "li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-tooltip.cm-completionInfo": { padding: "0.5rem 0.7rem", maxWidth: "22rem", fontSize: "0.875rem", lineHeight: "1.45" },
});

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.standard(tags.name)], color: "var(--accent)", fontWeight: "600" },
  { tag: [tags.local(tags.variableName), tags.variableName], color: "var(--code-variable)" },
  { tag: tags.string, color: "var(--code-string)" },
  { tag: tags.comment, color: "var(--muted)", fontStyle: "italic" },
  { tag: [tags.atom, tags.meta], color: "var(--ink)" },
]);

export const look = [theme, syntaxHighlighting(colours)];

const BELOW = `
  :host { display: block; }
  p { margin: 0.5rem 0 0; font-size: 0.875rem; line-height: 1.45; color: var(--muted); max-width: 48rem; }
  p:empty { display: none; }
  #message.error, #message.warning { padding: 0.5rem 0.8rem; color: var(--warn); background: var(--warn-soft); border-radius: 0.4rem; max-width: none; overflow-wrap: anywhere; }
  #message button { padding: 0.15rem 0.7rem; font: inherit; font-weight: 600; color: var(--warn); background: transparent; border: 1px solid currentColor; border-radius: 0.4rem; cursor: pointer; }
  #message button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  @media (forced-colors: active) { .cm-editor .cm-tooltip-autocomplete > ul > li[aria-selected] { color: HighlightText; background: Highlight; forced-color-adjust: none; } }
`;

export function sheet() {
  const own = new CSSStyleSheet();
  own.replaceSync(BELOW);
  return own;
}
