// A button that stops a query that runs. Without this script the button of the browser does: a query ends
// when its connection does.

const BYTES = 16; // of an id, which is as good as a secret
const PARAMETER = "query-id";

const form = document.querySelector("form.query");
const stop = document.getElementById("stop");

// The id is for this one run; the address is for keeping.
const address = new URL(location.href);
if (address.searchParams.has(PARAMETER)) {
  address.searchParams.delete(PARAMETER);
  history.replaceState(null, "", address);
}

function identifier() {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

form.addEventListener("submit", () => {
  form.elements[PARAMETER]?.remove();
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = PARAMETER;
  field.value = identifier();
  form.append(field);
  stop.dataset.id = field.value;
  stop.hidden = false;
  stop.disabled = false;
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
});
