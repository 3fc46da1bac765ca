// Suggestions below the boxes for search and questions: the combobox of ARIA 1.2 with a list of its own.
// Without this script the boxes are what they look like: plain fields of a form.

import { gettext } from "./wording.js";

const WAIT = 120; // milliseconds after a key before the service is asked
const SHORTEST = 2;
const KINDS = {
  entity: gettext("thing by name"),
  class: gettext("class"),
  property: gettext("property"),
  source: gettext("source"),
  document: gettext("document"),
};

class Combobox {
  constructor(input) {
    this.input = input;
    this.asked = 0;
    this.options = [];
    this.active = -1;
    this.list = document.createElement("ul");
    this.list.id = `${input.id}-suggestions`;
    this.list.className = "suggestions";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", gettext("Suggestions"));
    this.status = document.createElement("span");
    this.status.className = "unseen";
    this.status.setAttribute("role", "status");
    const frame = document.createElement("div");
    frame.className = "combobox";
    input.before(frame);
    frame.append(input, this.list, this.status);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("aria-expanded", "false");
    input.addEventListener("input", () => this.wait());
    input.addEventListener("keydown", (event) => this.press(event));
    input.addEventListener("blur", () => this.close());
    // A press must not take the focus from the box, or the list would be gone before the click.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.click(event));
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT);
  }

  async ask() {
    const text = this.input.value;
    const number = ++this.asked;
    if (text.trim().length < SHORTEST) return this.close();
    const address = new URL(this.input.dataset.suggest, location.href);
    address.searchParams.set("q", text);
    if (this.input.dataset.in) address.searchParams.set("in", this.input.dataset.in);
    const lang = new URLSearchParams(location.search).get("lang");
    if (lang) address.searchParams.set("lang", lang);
    let found;
    try {
      const response = await fetch(address);
      if (!response.ok) return this.close();
      found = await response.json();
    } catch {
      return this.close(); // the service cannot be reached: the box goes on as a plain field
    }
    if (number === this.asked && document.activeElement === this.input) this.show(found);
  }

  show({ query, start, suggestions }) {
    const before = [...query].slice(0, start).join(""); // `start` counts characters, not units of UTF-16
    this.options = suggestions.map((one, place) => this.option(one, place, before));
    this.list.replaceChildren(...this.options);
    this.active = -1;
    this.input.removeAttribute("aria-activedescendant");
    const isOpen = this.options.length > 0;
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
    const count = this.options.length;
    const told = count === 1 ? gettext("%(count)s suggestion", { count }) : gettext("%(count)s suggestions", { count });
    this.status.textContent = isOpen ? told : "";
  }

  option(one, place, before) {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${place}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.text = before + one.label;
    const label = document.createElement("span");
    label.textContent = one.label;
    const kind = document.createElement("span");
    kind.className = "muted";
    const other = one.matched === one.label ? "" : `${one.matched} · `;
    kind.textContent = other + (one.classes.join(", ") || (KINDS[one.kind] ?? one.kind));
    option.append(label, " ", kind);
    return option;
  }

  press(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const isOpen = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (isOpen) this.move(event.key === "ArrowDown" ? 1 : -1);
      else this.ask();
    } else if (event.key === "Enter" && isOpen && this.active >= 0) {
      event.preventDefault();
      this.pick(this.options[this.active]);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault(); // a search field would empty itself
      this.close();
    } else if (event.key === "Home" || event.key === "End" || event.key.startsWith("Arrow")) {
      this.choose(-1); // the caret moves in the text again
    } else if (event.key === "Enter" || event.key === "Tab") {
      this.close();
    }
  }

  // One before the first and one after the last is the box itself.
  move(by) {
    const places = this.options.length + 1;
    this.choose(((this.active + 1 + by + places) % places) - 1);
  }

  choose(place) {
    this.active = place;
    this.options.forEach((option, at) => option.setAttribute("aria-selected", String(at === place)));
    if (place < 0) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", this.options[place].id);
    this.options[place].scrollIntoView({ block: "nearest" });
  }

  click(event) {
    const option = event.target.closest("[role=option]");
    if (option) this.pick(option);
  }

  // A name that is searched for is all that is wanted; in a question there may be more to come.
  pick(option) {
    this.input.value = option.dataset.text;
    this.close();
    if (this.input.dataset.in !== "question") this.input.form.requestSubmit();
  }

  close() {
    clearTimeout(this.timer);
    this.asked++;
    this.show({ query: "", start: 0, suggestions: [] });
  }
}

for (const input of document.querySelectorAll("input[data-suggest]")) new Combobox(input);
