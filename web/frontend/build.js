// Bundles each file of src/ into web/static/built, under a name that changes with its content, and notes in
// manifest.json which name that is. What several entries import, and what they import on demand, are files of
// their own.

import { build } from "esbuild";
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const built = join(here, "..", "static", "built");
const fresh = `${built}.new`; // so that a build that fails leaves the last one as it was

const entries = readdirSync(join(here, "src"))
  .filter((name) => name.endsWith(".js"))
  .map((name) => join(here, "src", name));

function addresses({ outputs }) {
  const found = {};
  for (const [path, { entryPoint, cssBundle }] of Object.entries(outputs)) {
    if (!entryPoint || !path.endsWith(".js")) continue;
    const name = basename(entryPoint, ".js");
    if (!entries.includes(join(here, entryPoint))) continue; // what is imported on demand has no address
    found[`${name}.js`] = basename(path);
    if (cssBundle) found[`${name}.css`] = basename(cssBundle);
  }
  return found;
}

rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh, { recursive: true });
const result = await build({
  absWorkingDir: here,
  entryPoints: entries,
  outdir: fresh,
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  charset: "utf8",
  legalComments: "linked",
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".png": "file", ".svg": "file", ".woff2": "file" },
  metafile: true,
  logLevel: "warning",
});
writeFileSync(join(fresh, "manifest.json"), `${JSON.stringify(addresses(result.metafile), null, 2)}\n`);
rmSync(built, { recursive: true, force: true });
renameSync(fresh, built);
