// The question box of the first page: its example changes now and then, through the languages of the graph.
// It stands still for whoever wants less motion, and for good once somebody is in the box.

const EACH = 4500; // milliseconds
const box = document.querySelector("input[data-examples]");
const still = matchMedia("(prefers-reduced-motion: reduce)");

function rotate(examples) {
  let place = 0;
  const timer = setInterval(() => {
    if (box.value || still.matches || document.hidden) return;
    place = (place + 1) % examples.length;
    box.placeholder = examples[place];
  }, EACH);
  box.addEventListener("focus", () => clearInterval(timer), { once: true });
}

if (box) rotate(JSON.parse(box.dataset.examples));
