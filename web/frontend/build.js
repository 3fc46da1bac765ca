// Bundles each file of src/ into web/static/built, under a name that changes with its content, and notes in
// manifest.json which name that is. What several scripts import, and what they import on demand, are files of
// their own, as are the fonts that style sheets name.

import { build } from "esbuild";
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const built = join(here, "..", "static", "built");
const fresh = `${built}.new`; // so that a build that fails leaves the last one as it was

const entries = readdirSync(join(here, "src"))
  .filter((name) => [".css", ".js"].includes(extname(name)))
  .map((name) => join("src", name));

// By the name that a template says: entries, the style sheets that scripts import, fonts.
function addresses({ outputs }) {
  const found = {};
  for (const [path, { entryPoint, cssBundle, inputs }] of Object.entries(outputs)) {
    if (entries.includes(entryPoint)) {
      found[basename(entryPoint)] = basename(path);
      if (cssBundle) found[basename(entryPoint).replace(/\.js$/, ".css")] = basename(cssBundle);
    } else if (path.endsWith(".woff2")) {
      for (const input of Object.keys(inputs)) found[basename(input)] = basename(path);
    }
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
