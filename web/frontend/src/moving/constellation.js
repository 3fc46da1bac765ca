// A network that moves, by sigma.js: the same places and names as the drawing, to be zoomed, and asked for what is near.

import Graph from "graphology";
import Sigma from "sigma";
import { kept, told } from "./offer.js";

const STEP = 0.15; // of the sheet that an arrow key moves
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

const valueOf = (figure, name) => getComputedStyle(figure).getPropertyValue(name).trim();

function graphOf(figure, { nodes, ties }) {
  const graph = new Graph({ type: "undirected" });
  for (const node of nodes) {
    graph.addNode(node.key, {
      label: node.text.slice(0, 60),
      href: node.href,
      x: node.x * 1.5,
      y: -node.y,
      size: 5 + Math.min(9, 1.6 * Math.sqrt(node.size)),
      color: valueOf(figure, `--kind-${node.shape}`),
    });
  }
  for (const tie of ties) {
    graph.mergeUndirectedEdge(tie.start, tie.end, { size: Math.min(5, 0.6 + 0.5 * tie.weight), words: tie.words });
  }
  return graph;
}

/** What is said of a node that is chosen: its link, and those that it is linked to. */
function panelOf(graph, node) {
  const list = document.createElement("ul");
  const named = (key, words) => {
    const item = document.createElement("li");
    const { label, href } = graph.getNodeAttributes(key);
    const name = Object.assign(document.createElement(href ? "a" : "span"), { textContent: label, dir: "auto" });
    if (href) name.href = kept(href);
    item.append(name);
    if (words) item.append(Object.assign(document.createElement("span"), { className: "muted", textContent: ` ${words}` }));
    return item;
  };
  list.append(named(node, ""));
  const others = graph.mapEdges(node, (edge, { words }) => named(graph.opposite(node, edge), words));
  list.append(...others);
  return list;
}

function keys(sigma, stage) {
  stage.tabIndex = 0;
  stage.addEventListener("keydown", (event) => {
    const camera = sigma.getCamera();
    const step = STEP * camera.ratio;
    const moves = {
      ArrowLeft: { x: camera.x - step },
      ArrowRight: { x: camera.x + step },
      ArrowUp: { y: camera.y + step },
      ArrowDown: { y: camera.y - step },
      "+": { ratio: camera.ratio / 1.4 },
      "-": { ratio: camera.ratio * 1.4 },
      0: { x: 0.5, y: 0.5, ratio: 1 },
    };
    if (!(event.key in moves) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    camera.setState(moves[event.key]);
  });
}

/** Put the network on a stage; gives what takes it away. */
export async function put(figure, stage) {
  const graph = graphOf(figure, told(figure));
  stage.setAttribute("role", "application");
  stage.setAttribute("aria-label", figure.dataset.keys);
  let near;
  const sigma = new Sigma(graph, stage, {
    defaultEdgeColor: valueOf(figure, "--thread"),
    labelColor: { color: valueOf(figure, "--ink") },
    labelFont: valueOf(figure, "--sans") || "sans-serif",
    labelSize: 13,
    labelDensity: 1.2,
    labelRenderedSizeThreshold: 7,
    zoomDuration: still ? 0 : 250,
    minCameraRatio: 0.1,
    maxCameraRatio: 3,
    defaultDrawNodeHover: drawHover(figure),
    nodeReducer: (node, data) => (near && !near.has(node) ? { ...data, color: valueOf(figure, "--line"), label: "" } : data),
    edgeReducer: (edge, data) =>
      near && !graph.extremities(edge).every((end) => near.has(end)) ? { ...data, hidden: true } : data,
  });
  const panel = Object.assign(document.createElement("div"), { className: "chosen" });
  panel.setAttribute("aria-live", "polite");
  stage.after(panel);
  const choose = (node) => {
    near = node ? new Set([node, ...graph.neighbors(node)]) : undefined;
    panel.replaceChildren(...(node ? [panelOf(graph, node)] : []));
    sigma.refresh({ skipIndexation: true });
  };
  sigma.on("clickNode", ({ node }) => choose(node));
  sigma.on("clickStage", () => choose(undefined));
  keys(sigma, stage);
  return () => {
    sigma.kill();
    panel.remove();
  };
}

/** The name of what is pointed at, on the ground of the sheet so that it is read in the dark too. */
function drawHover(figure) {
  return (context, data, settings) => {
    if (!data.label) return;
    context.font = `600 ${settings.labelSize}px ${settings.labelFont}`;
    const width = context.measureText(data.label).width;
    context.fillStyle = valueOf(figure, "--surface");
    context.fillRect(data.x + data.size + 1, data.y - 10, width + 8, 20);
    context.fillStyle = valueOf(figure, "--ink");
    context.fillText(data.label, data.x + data.size + 4, data.y + settings.labelSize / 3);
  };
}
