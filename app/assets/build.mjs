// Builds app/static/dist from the sources beside this file: style sheets, scripts, icon sprite and
// the typefaces for print. Every name carries a hash of its content; manifest.json maps plain to hashed.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { fontFromWoff } from "./woff.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");
const out = join(root, "app/static/dist");
const fresh = join(root, "app/static/.dist-new"); // built aside, then moved: a running server never meets half a build
const packages = join(root, "node_modules");
const manifest = {};

rmSync(fresh, { recursive: true, force: true });
mkdirSync(join(fresh, "fonts-print"), { recursive: true });

function put(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  const extension = extname(name);
  manifest[name] = `${basename(name, extension)}-${hash}${extension}`;
  writeFileSync(join(fresh, manifest[name]), content);
}

async function bundle() {
  const result = await build({
    absWorkingDir: root,
    entryPoints: {
      app: "app/assets/js/app.js",
      sign: "app/assets/js/sign.js",
      scan: "app/assets/js/scan.js",
      "app-style": "app/assets/css/app.entry.css",
      "phone-style": "app/assets/css/phone.entry.css",
      "room-style": "app/assets/css/room.entry.css",
    },
    outdir: fresh,
    entryNames: "[name]-[hash]",
    chunkNames: "part-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: ["es2022", "safari16", "chrome110", "firefox115"],
    loader: { ".woff2": "file", ".svg": "file", ".wasm": "file" },
    metafile: true,
    logLevel: "warning",
  });
  for (const [file, { entryPoint }] of Object.entries(result.metafile.outputs)) {
    if (!entryPoint?.startsWith("app/assets/")) continue; // parts loaded on demand are found by their importer
    if (basename(file).startsWith("part-")) continue;
    const plain = basename(entryPoint).replace(".entry.css", ".css");
    manifest[plain] = basename(file);
  }
}

function walk(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

// The names in icons.txt, and every icon('name') or icon="name" that a template or a view mentions.
function iconNames() {
  const listed = readFileSync(join(here, "icons.txt"), "utf8").split("\n");
  const names = new Set(listed.map((line) => line.trim()).filter((line) => line && !line.startsWith("#")));
  for (const folder of ["templates", "app"].map((name) => join(root, name))) {
    let files = [];
    try {
      files = walk(folder).filter((file) => /\.(html|py)$/.test(file));
    } catch (error) {
      if (error.code !== "ENOENT") throw error; // a fresh tree may not have templates yet
    }
    for (const file of files)
      for (const [, name] of readFileSync(file, "utf8").matchAll(/\bicon(?:\(|=)\s*["']([a-z0-9-]+)["']/g)) names.add(name);
  }
  return [...names].sort();
}

function sprite() {
  const missing = [];
  const symbols = iconNames().map((name) => {
    try {
      const svg = readFileSync(join(packages, "lucide-static/icons", `${name}.svg`), "utf8");
      const shapes = svg.replace(/^[\s\S]*?<svg[\s\S]*?>/, "").replace(/<\/svg>\s*$/, "").replace(/\s*\n\s*/g, "");
      return `<symbol id="i-${name}" viewBox="0 0 24 24">${shapes}</symbol>`;
    } catch {
      missing.push(name);
      return "";
    }
  });
  if (missing.length) throw new Error(`no such icon: ${missing.join(", ")}`);
  put("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
}

// Typst reads OpenType, not WOFF. These names stay plain: print templates never meet a browser's cache.
function printFonts() {
  const faces = [["400", "normal"], ["400", "italic"], ["600", "normal"], ["700", "normal"]];
  for (const family of ["public-sans", "source-serif-4"])
    for (const [weight, style] of faces) {
      const woff = readFileSync(join(packages, "@fontsource", family, "files", `${family}-latin-${weight}-${style}.woff`));
      writeFileSync(join(fresh, "fonts-print", `${family}-${weight}-${style}.ttf`), fontFromWoff(woff));
    }
}

// Text is stored compressed as well, so that no request has to compress it again.
function compress() {
  for (const file of walk(fresh)) {
    if (!/\.(css|js|svg|wasm)$/.test(file)) continue;
    const content = readFileSync(file);
    writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
    writeFileSync(`${file}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
  }
}

await bundle();
sprite();
for (const image of ["mark", "kawung", "og-image"]) put(`${image}.svg`, readFileSync(join(here, "images", `${image}.svg`)));
printFonts();
compress();
const sorted = Object.fromEntries(Object.entries(manifest).sort());
writeFileSync(join(fresh, "manifest.json"), `${JSON.stringify(sorted, null, 2)}\n`);
rmSync(out, { recursive: true, force: true });
renameSync(fresh, out);
