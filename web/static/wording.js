// What scripts say, in the language of the page, which holds the texts that they need; without them in English.

const block = document.getElementById("wording");
const texts = new Map(Object.entries(block ? JSON.parse(block.textContent) : {}));

/** The text in the language of the page, with `%(name)s` replaced by what `variables` have for it. */
export function gettext(message, variables = {}) {
  const text = texts.get(message) ?? message;
  return text.replace(/%\((\w+)\)s/g, (whole, name) => (name in variables ? String(variables[name]) : whole));
}
