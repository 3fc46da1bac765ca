// Several queries side by side, and those that were run: kept in this browser, and sent nowhere.

const DRAFTS = "kg.drafts";
const HISTORY = "kg.queries";
const MOST_DRAFTS = 20;
const MOST_RUN = 50;
const LONGEST_NAME = 60;
const SHOWN = 120; // characters of a query in the list of those that were run
const DECLARATION = /^\s*(?:(?:PREFIX\s+\S+|BASE)\s+<[^>]*>\s*|#[^\n]*\n\s*)*/i;

const form = document.querySelector("form.query");
const box = document.getElementById("query");
const bar = document.getElementById("drafts");
const sheet = document.getElementById("sheet");
const past = document.getElementById("history");
const answer = document.getElementById("answer");
const words = JSON.parse(document.getElementById("words").textContent);
const asked = box.value;
let owner; // the tab of the query that was answered

function kept(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? otherwise;
  } catch {
    return otherwise; // a browser may refuse to keep anything
  }
}

function keep(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Full, or refused: the queries last as long as the page.
  }
}

const state = kept(DRAFTS, { drafts: [], current: 0, last: 0 });

function add(text) {
  state.last += 1;
  state.drafts.push({ id: state.last, name: words.draft.replace("%s", state.last), text });
  if (state.drafts.length > MOST_DRAFTS) state.drafts.splice(state.drafts.findIndex(({ id }) => id !== state.current), 1);
  state.current = state.last;
}

function current() {
  return state.drafts.find(({ id }) => id === state.current) ?? state.drafts[0];
}

function put(text) {
  if (box.value === text) return;
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

// The query of the address is that of a tab, or becomes one.
function begin() {
  const known = asked && (current()?.text === asked ? current() : state.drafts.find(({ text }) => text === asked));
  if (known) state.current = known.id;
  else if (asked && current() && !current().text.trim()) current().text = asked;
  else if (asked || !state.drafts.length) add(asked);
  state.current = current().id;
  owner = state.current;
  put(current().text);
}

function show() {
  keep(DRAFTS, state);
  if (answer) answer.hidden = state.current !== owner;
}

function choose(id, { focus = true } = {}) {
  state.current = id;
  put(current().text);
  draw();
  if (focus) bar.querySelector("[aria-selected=true]").focus();
}

// The text box may be hidden behind the editor, which listens to what is told to the box.
function enter() {
  box.focus();
  if (document.activeElement !== box) box.dispatchEvent(new Event("focus"));
}

function close() {
  const place = state.drafts.indexOf(current());
  state.drafts.splice(place, 1);
  if (!state.drafts.length) add("");
  choose((state.drafts[place] ?? state.drafts.at(-1)).id);
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function tab(draft) {
  const isCurrent = draft === current();
  const made = element("button", { type: "button", id: `draft-${draft.id}`, tabIndex: isCurrent ? 0 : -1, dir: "auto" }, draft.name);
  made.setAttribute("role", "tab");
  made.setAttribute("aria-selected", String(isCurrent));
  made.setAttribute("aria-controls", "sheet");
  made.addEventListener("click", () => choose(draft.id));
  made.addEventListener("dblclick", rename);
  return made;
}

function button(text, act) {
  const made = element("button", { type: "button", className: "plain" }, text);
  made.addEventListener("click", act);
  return made;
}

function draw() {
  const list = element("div", { className: "tabs" }, ...state.drafts.map(tab));
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", words.drafts);
  list.addEventListener("keydown", turn);
  const tools = [button(words.add, () => { add(""); choose(state.current, { focus: false }); enter(); }), button(words.rename, rename)];
  if (state.drafts.length > 1) tools.push(button(words.close, close));
  bar.replaceChildren(list, element("div", { className: "tools" }, ...tools));
  sheet.setAttribute("role", "tabpanel");
  sheet.setAttribute("aria-labelledby", `draft-${state.current}`);
  bar.querySelector("[aria-selected=true]").scrollIntoView({ block: "nearest", inline: "nearest" });
  show();
}

function turn(event) {
  const place = state.drafts.indexOf(current());
  const last = state.drafts.length - 1;
  const places = { ArrowRight: place === last ? 0 : place + 1, ArrowLeft: place === 0 ? last : place - 1, Home: 0, End: last };
  if (event.key in places) choose(state.drafts[places[event.key]].id);
  else if (event.key === "Delete") close();
  else if (event.key === "F2") rename();
  else return;
  event.preventDefault();
}

function rename() {
  const draft = current();
  const field = element("input", { id: "draft-name", value: draft.name, maxLength: LONGEST_NAME, autocomplete: "off" });
  const done = (text) => {
    draft.name = text.trim() || draft.name;
    choose(draft.id);
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") done(field.value);
    else if (event.key === "Escape") done("");
    else return;
    event.preventDefault();
  });
  const label = element("label", { htmlFor: field.id }, words.name);
  bar.replaceChildren(element("div", { className: "tools naming" }, label, field, button(words.done, () => done(field.value))));
  field.select();
}

function run(text) {
  const before = kept(HISTORY, []).filter((one) => one.text !== text);
  keep(HISTORY, [{ text, at: new Date().toISOString() }, ...before].slice(0, MOST_RUN));
}

function recall() {
  const listed = kept(HISTORY, []);
  past.hidden = !listed.length;
  past.querySelector("ol").replaceChildren(...listed.map(({ text, at }) => {
    const shown = text.replace(DECLARATION, "").replace(/\s+/g, " ").trim() || text.trim();
    const again = button(shown.slice(0, SHOWN), () => { add(text); choose(state.current, { focus: false }); enter(); });
    again.dir = "auto";
    const when = element("time", { dateTime: at }, new Date(at).toLocaleString(document.documentElement.lang));
    return element("li", {}, again, when);
  }));
}

begin();
draw();
bar.hidden = false;
recall();

box.addEventListener("input", () => {
  current().text = box.value;
  show();
});
form.addEventListener("submit", () => run(box.value));
// The queries that were run are buttons too, and come first.
past.querySelector(":scope > button").addEventListener("click", () => {
  keep(HISTORY, []);
  recall();
  past.previousElementSibling.querySelector("summary").focus();
});
