// Lets a drawn network be moved, where the browser has WebGL 2: a button fetches what that takes.

import { offer } from "./moving/offer.js";

if (document.createElement("canvas").getContext("webgl2")) offer("network", () => import("./moving/constellation.js"));
