// A button at each drawing of a sort that puts what moves in its place, and takes it away again.

/** What a figure says of its points, as the server wrote it. */
export const told = (figure) => JSON.parse(figure.querySelector(":scope > script[type='application/json']").textContent);

/** An address with the language that this page was asked for, as all its links have it. */
export function kept(href) {
  const lang = new URLSearchParams(location.search).get("lang");
  if (!lang || !/^\/(?!\/)/.test(href) || /[?&]lang=/.test(href)) return href;
  return `${href}${href.includes("?") ? "&" : "?"}lang=${encodeURIComponent(lang)}`;
}

function withStyle(address) {
  if (!address || document.querySelector(`link[href="${CSS.escape(address)}"]`)) return Promise.resolve();
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address });
  document.head.append(link);
  return new Promise((done) => (link.onload = link.onerror = done));
}

async function start(figure, fetched) {
  const [module] = await Promise.all([fetched(), withStyle(figure.dataset.style)]);
  const stage = Object.assign(document.createElement("div"), { className: "stage" });
  figure.querySelector(".ground").append(stage);
  figure.classList.add("moving");
  const end = await module.put(figure, stage);
  return () => {
    end();
    stage.remove();
    figure.classList.remove("moving");
  };
}

/** Offer to move each drawing of a sort by what `fetched` promises: a module whose `put` gives a way to end it. */
export function offer(sort, fetched) {
  for (const figure of document.querySelectorAll(`figure[data-${sort}][data-move]`)) {
    const button = Object.assign(document.createElement("button"), {
      type: "button",
      className: "move",
      textContent: figure.dataset.move,
    });
    button.setAttribute("aria-pressed", "false");
    let end;
    button.addEventListener("click", async () => {
      button.disabled = true;
      if (end) {
        end();
        end = undefined;
      } else {
        end = await start(figure, fetched).catch(() => undefined);
      }
      button.disabled = false;
      button.setAttribute("aria-pressed", String(Boolean(end)));
      button.focus();
    });
    figure.querySelector(".ground").after(button);
  }
}
