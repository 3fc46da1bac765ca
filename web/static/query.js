// What runs a query: its id, a button that stops it, how long it takes; and what is copied. Without this script
// the button of the browser stops a query: it ends when its connection does.

const BYTES = 16; // of an id, which is as good as a secret
const PARAMETER = "query-id";
const SECOND = 1000;

const form = document.querySelector("form.query");
const box = document.getElementById("query");
const stop = document.getElementById("stop");
const running = document.getElementById("running");
const share = document.getElementById("share");
const format = document.getElementById("format");
const words = JSON.parse(document.getElementById("words").textContent);
let clock;

// The address is for keeping: without the id of this one run, and as short as it can be.
function shortened(address) {
  const short = new URL(address);
  short.searchParams.delete(PARAMETER);
  for (const [name, value] of [...short.searchParams]) {
    if (!value && name !== "query") short.searchParams.delete(name);
    else if (name === "query") short.searchParams.set(name, value.replaceAll("\r\n", "\n"));
  }
  return short;
}

function identifier() {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function time() {
  const begun = Date.now();
  running.textContent = words.running;
  clearInterval(clock);
  clock = setInterval(() => {
    document.title = `${Math.round((Date.now() - begun) / SECOND)} s – ${words.running}`;
  }, SECOND);
}

async function copy(text, button) {
  await navigator.clipboard.writeText(text);
  const said = button.textContent;
  button.textContent = words.copied;
  setTimeout(() => { button.textContent = said; }, 2 * SECOND);
}

async function layOut(event) {
  event.preventDefault();
  const button = event.currentTarget;
  try {
    const body = new URLSearchParams({ query: box.value });
    const response = await fetch(button.dataset.address, { method: "POST", body });
    if (!response.ok) return;
    box.value = (await response.json()).query;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  } catch {
    running.textContent = words.unreachable;
  }
}

// The address of what the form asks, which may be longer than addresses can be.
function asked() {
  const address = new URL(form.action);
  address.search = new URLSearchParams([...new FormData(form)]);
  return shortened(address).href;
}

function isLong() {
  return asked().length > Number(form.dataset.longest);
}

history.replaceState(history.state, "", shortened(location.href));

form.addEventListener("submit", (event) => {
  form.elements[PARAMETER]?.remove();
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = PARAMETER;
  field.value = identifier();
  form.append(field);
  form.method = isLong() ? "post" : "get";
  stop.dataset.id = field.value;
  stop.hidden = false;
  stop.disabled = false;
  if (!format.value && event.submitter?.name !== "format") time();
});

stop.addEventListener("click", async () => {
  stop.disabled = true;
  try {
    const response = await fetch(`${stop.dataset.queries}/${stop.dataset.id}`, { method: "DELETE" });
    stop.hidden = !response.ok; // else it has not begun yet, or has ended
  } catch {
    stop.hidden = true; // the service cannot be reached, and the query has ended with the connection
  }
  stop.disabled = false;
});

// Whoever comes back to the page by the button of the browser finds it as it was.
addEventListener("pageshow", () => {
  stop.hidden = true;
  running.textContent = "";
  clearInterval(clock);
});

form.elements.layout.addEventListener("click", layOut);

share.hidden = !navigator.clipboard;
share.addEventListener("click", () => {
  if (isLong()) running.textContent = words.long;
  else copy(asked(), share);
});

for (const block of document.querySelectorAll(".programs pre")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain";
  button.textContent = words.copy;
  button.id = `copy-${block.getAttribute("aria-labelledby")}`;
  button.setAttribute("aria-labelledby", `${button.id} ${block.getAttribute("aria-labelledby")}`);
  button.addEventListener("click", () => copy(block.textContent, button));
  if (navigator.clipboard) block.after(button);
}
