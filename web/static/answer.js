// An answer on its page: numbers of sources open beside what they tell, the query is copied by a button, and what
// is asked on from an answer is answered below it. Without this script all of these are links and a form.

const GAP = 6; // pixels between a number and what it opens
const MARGIN = 16;

const replies = document.querySelector(".replies");
const said = document.getElementById("said");
const parser = new DOMParser();

// --- Sources -------------------------------------------------------------------------------------------------

const titles = new Map([[1, document.title]]);
let opened = null; // the number whose source is shown

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function close({ back = false } = {}) {
  if (!opened) return;
  const { mark, box } = opened;
  opened = null;
  mark.setAttribute("aria-expanded", "false");
  box.remove();
  if (back) mark.focus();
}

function open(mark, source) {
  const number = mark.textContent.replace(/\D/g, "");
  const reply = mark.closest(".reply");
  const title = element("p", {}, ...[...source.cloneNode(true).childNodes]);
  const stated = [...reply.querySelectorAll(".stated li")].filter((one) => one.dataset.sources.split(" ").includes(number));
  const copies = stated.slice(0, 3).map((one) => {
    const copy = element("li", {}, ...[...one.cloneNode(true).childNodes]);
    copy.querySelectorAll(".marks").forEach((marks) => marks.remove());
    return copy;
  });
  const all = element("a", { href: mark.hash }, replies.dataset.all);
  const shut = element("button", { type: "button", class: "plain" }, replies.dataset.close);
  const box = element("div", { class: "cited", role: "dialog", "aria-label": mark.getAttribute("aria-label"), tabindex: "-1" });
  box.append(title, element("ul", {}, ...copies), element("p", { class: "line" }, all, shut));
  all.addEventListener("click", () => close());
  shut.addEventListener("click", () => close({ back: true }));
  document.body.append(box);
  place(box, mark);
  mark.setAttribute("aria-expanded", "true");
  opened = { mark, box };
  box.focus({ preventScroll: true });
}

function place(box, mark) {
  const at = mark.getBoundingClientRect();
  const most = document.documentElement.clientWidth - box.offsetWidth - MARGIN;
  box.style.left = `${Math.max(MARGIN, Math.min(at.left, most)) + scrollX}px`;
  const below = at.bottom + GAP + box.offsetHeight < innerHeight || at.top < box.offsetHeight;
  box.style.top = `${(below ? at.bottom + GAP : at.top - GAP - box.offsetHeight) + scrollY}px`;
}

document.addEventListener("click", (event) => {
  const mark = event.target.closest(".marks a");
  const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (opened && !opened.box.contains(event.target)) {
    const isSame = opened.mark === mark;
    close();
    if (isSame) return event.preventDefault();
  }
  const source = mark && isPlain && document.getElementById(mark.hash.slice(1));
  if (!source || !source.matches(".sources li")) return;
  event.preventDefault();
  open(mark, source);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && opened) close({ back: true });
});

document.addEventListener("focusin", (event) => {
  if (opened && !opened.box.contains(event.target) && event.target !== opened.mark) close();
});

// --- The query -----------------------------------------------------------------------------------------------

async function copy(button) {
  const text = button.closest(".behind").querySelector("code").textContent;
  const before = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    return getSelection().selectAllChildren(button.closest(".behind").querySelector("code")); // to be copied by hand
  }
  button.textContent = button.dataset.copied;
  said.textContent = button.dataset.copied;
  setTimeout(() => (button.textContent = before), 2000);
}

// --- Asking on -----------------------------------------------------------------------------------------------

// What belongs to one answer keeps to it when another stands on the same page.
function renumber(reply, number) {
  const rename = (id) => `reply-${number}-${id}`;
  const own = new Set([...reply.querySelectorAll("[id]")].map((one) => one.id));
  for (const one of reply.querySelectorAll("[id]")) one.id = rename(one.id);
  for (const one of reply.querySelectorAll('a[href^="#"]')) {
    const id = one.getAttribute("href").slice(1); // links in drawings have no `hash`
    if (own.has(id)) one.setAttribute("href", `#${rename(id)}`);
  }
  for (const name of ["for", "aria-labelledby", "aria-describedby", "aria-controls"]) {
    for (const one of [reply, ...reply.querySelectorAll(`[${name}]`)]) {
      const ids = one.getAttribute(name)?.split(" ");
      if (ids?.some((id) => own.has(id))) one.setAttribute(name, ids.map((id) => (own.has(id) ? rename(id) : id)).join(" "));
    }
  }
  for (const one of reply.querySelectorAll("section, form, nav, [role=region], [role=group]")) {
    const name = one.getAttribute("aria-label") ?? named(reply, one);
    if (!name) continue;
    one.removeAttribute("aria-labelledby");
    one.setAttribute("aria-label", `${name} (${number})`);
  }
}

function named(reply, one) {
  const id = one.getAttribute("aria-labelledby");
  return id ? reply.querySelector(`#${CSS.escape(id)}`)?.textContent.trim() : "";
}

function furnish(reply) {
  for (const button of reply.querySelectorAll("button.copy")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
  for (const mark of reply.querySelectorAll(".marks a[href*=source-]")) mark.setAttribute("aria-expanded", "false");
}

function style(page) {
  const known = new Set([...document.querySelectorAll("link[rel=stylesheet]")].map((one) => one.href));
  for (const link of page.querySelectorAll("link[rel=stylesheet]")) {
    const href = new URL(link.getAttribute("href"), location.href).href;
    if (!known.has(href)) document.head.append(element("link", { rel: "stylesheet", href }));
  }
}

function onward() {
  const all = [...replies.querySelectorAll(".reply")];
  all.forEach((reply, place) => {
    for (const part of reply.querySelectorAll(".onward, .aside")) part.hidden = place < all.length - 1;
  });
}

async function ask(address, form) {
  form?.setAttribute("aria-busy", "true");
  said.textContent = replies.dataset.wait;
  try {
    const response = await fetch(address, { headers: { Accept: "text/html" } });
    const page = parser.parseFromString(await response.text(), "text/html");
    const reply = page.querySelector(".reply");
    if (!response.ok || !reply) return location.assign(address); // whose page says what is wrong
    arrive(document.adoptNode(reply), page, address);
  } catch {
    said.textContent = replies.dataset.failed;
  } finally {
    form?.removeAttribute("aria-busy");
  }
}

function arrive(reply, page, address) {
  const number = replies.querySelectorAll(".reply").length + 1;
  renumber(reply, number);
  style(page);
  furnish(reply);
  reply.classList.add("arrived");
  replies.append(reply);
  onward();
  history.pushState({ replies: number }, "", address);
  document.title = page.title;
  titles.set(number, page.title);
  const sentence = reply.querySelector(".sentence");
  said.textContent = ""; // the heading, which has the focus now, is read instead
  sentence.focus({ preventScroll: true });
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  reply.scrollIntoView({ behavior: isStill ? "auto" : "smooth", block: "start" });
}

replies.addEventListener("submit", (event) => {
  const form = event.target.closest("form.next");
  if (!form) return;
  event.preventDefault();
  const address = new URL(form.action);
  address.search = new URLSearchParams(new FormData(form));
  ask(address, form);
});

replies.addEventListener("click", (event) => {
  const link = event.target.closest(".questions a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  ask(new URL(link.href));
});

// Back takes away what was asked last; what is no longer here is asked for again.
addEventListener("popstate", (event) => {
  const count = event.state?.replies;
  if (count === undefined) return; // a place on this page
  const all = [...replies.querySelectorAll(".reply")];
  if (count > all.length) return location.reload();
  if (count === all.length) return;
  all.slice(count).forEach((reply) => reply.remove());
  onward();
  document.title = titles.get(count) ?? document.title;
  replies.lastElementChild.querySelector(".sentence").focus();
});

history.replaceState({ replies: 1 }, "");
furnish(document);
