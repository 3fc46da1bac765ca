// A map that moves, by Leaflet: the same outlines and the same marks, without tiles from anywhere.

import * as L from "leaflet";
import { kept, told } from "./offer.js";

const APART = 27; // pixels between two marks
const CLOSEST = 9;
const SPACE = "http://www.w3.org/2000/svg";
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

const svg = (name, attributes, ...within) => {
  const made = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...within);
  return made;
};

/** Points whose marks would cover each other, together: each group with the place of its first. */
function grouped(map, points) {
  const groups = [];
  for (const point of points) {
    const spot = map.latLngToLayerPoint(point.at);
    const near = groups.find((group) => group.spot.distanceTo(spot) < APART);
    if (near) near.points.push(point);
    else groups.push({ spot, at: point.at, points: [point] });
  }
  return groups;
}

function sign(figure, points) {
  const drawing = svg("svg", { viewBox: "-15 -15 30 30", width: 30, height: 30, class: "mark", "aria-hidden": "true" });
  if (points.length === 1) {
    const shape = figure.querySelector(`.sign.kind-${points[0].shape} .shape`)?.cloneNode(true);
    drawing.append(svg("g", { class: `kind-${points[0].shape}${points[0].rough ? " rough" : ""}` }, shape ?? svg("circle", { class: "shape", r: 7 })));
    return drawing;
  }
  drawing.append(svg("circle", { class: "disc", r: 13 }));
  let start = 0;
  const counts = Map.groupBy ? Map.groupBy(points, (one) => one.shape) : by(points, (one) => one.shape);
  for (const [shape, own] of [...counts].sort((one, other) => other[1].length - one[1].length)) {
    const length = (100 * own.length) / points.length;
    const ring = { class: `part kind-${shape}`, r: 10.5, pathLength: 100 };
    if (counts.size > 1) Object.assign(ring, { "stroke-dasharray": `${length} ${100 - length}`, "stroke-dashoffset": 25 - start });
    drawing.append(svg("circle", ring));
    start += length;
  }
  drawing.append(svg("text", { "text-anchor": "middle", dy: "0.35em" }, String(points.length)));
  return drawing;
}

function by(points, key) {
  const found = new Map();
  for (const one of points) found.set(key(one), [...(found.get(key(one)) ?? []), one]);
  return found;
}

function leaf(points) {
  const list = document.createElement("ul");
  for (const point of points) {
    const item = document.createElement("li");
    const name = document.createElement(point.href ? "a" : "span");
    if (point.href) name.href = kept(point.href);
    if (point.lang) name.lang = point.lang;
    name.dir = "auto";
    name.textContent = point.text;
    item.append(name);
    const more = [point.place, point.value].filter(Boolean).join(", ");
    if (more) item.append(Object.assign(document.createElement("span"), { className: "muted", textContent: ` ${more}` }));
    list.append(item);
  }
  return list;
}

function mark(figure, map, group) {
  const names = group.points.map((point) => point.text).join(", ").slice(0, 200);
  const icon = L.divIcon({ className: "pin", html: sign(figure, group.points), iconSize: [30, 30] });
  const made = L.marker(group.at, { icon, alt: names, title: names });
  made.bindPopup(() => leaf(group.points), { maxHeight: 220, autoPan: true });
  made.on("add", () => {
    const element = made.getElement();
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", names);
  });
  made.on("popupopen", ({ popup }) => popup.getElement().querySelector("li a")?.focus());
  made.on("popupclose", () => made.getElement()?.focus({ preventScroll: true }));
  return made;
}

/** Put the map on a stage; gives what takes it away. */
export async function put(figure, stage) {
  const { points } = told(figure);
  const outlines = await (await fetch(figure.dataset.outlines)).json();
  const map = L.map(stage, {
    attributionControl: false,
    zoomAnimation: !still,
    fadeAnimation: !still,
    markerZoomAnimation: !still,
    inertia: !still,
    zoomSnap: 0.5,
    minZoom: 1,
    maxZoom: CLOSEST,
    maxBounds: [
      [-89, -210],
      [89, 210],
    ],
  });
  map.fitBounds(L.latLngBounds(points.map((one) => one.at)).pad(0.12), { animate: false, maxZoom: 6 });
  L.geoJSON(outlines, {
    interactive: false,
    style: ({ properties }) => ({ className: properties.part, weight: 1, fill: properties.part === "land", fillOpacity: 1 }),
  }).addTo(map);
  const marks = L.layerGroup().addTo(map);
  const draw = () => {
    marks.clearLayers();
    for (const group of grouped(map, points)) mark(figure, map, group).addTo(marks);
  };
  map.on("zoomend", draw);
  stage.addEventListener("keydown", ({ key }) => key === "Escape" && map.closePopup()); // from within one, too
  draw();
  return () => map.remove();
}
