// Lets a drawn map be moved: a button fetches what that takes. The drawing stays for whoever does not press it.

import "leaflet/dist/leaflet.css";
import { offer } from "./moving/offer.js";

offer("map", () => import("./moving/atlas.js"));
