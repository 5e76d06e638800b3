// Builds the console's static files: styles, scripts, fonts and the icon sprite.
// Called by build.py, which decides whether anything changed. The output folder
// is the first argument.
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile, copyFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "..", "src", "mallard", "kernel", "ui", "static", "mallard");

// Tabler draws check marks and arrows with data: URIs, which our
// Content-Security-Policy does not admit. Each becomes a file of its own.
async function extractDataImages(css) {
  const images = new Map();
  const text = css.replace(/url\(("|'|)data:image\/svg\+xml([^"')]*|.*?)\1\)/g, (_all, _quote, body) => {
    const comma = body.indexOf(",");
    const svg = body.slice(0, comma).includes("base64")
      ? Buffer.from(body.slice(comma + 1), "base64").toString()
      : decodeURIComponent(body.slice(comma + 1));
    const name = `${createHash("sha256").update(svg).digest("hex").slice(0, 12)}.svg`;
    images.set(name, svg);
    return `url("img/${name}")`;
  });
  for (const [name, svg] of images) await writeFile(join(out, "img", name), svg);
  return text;
}

async function buildStyles() {
  const result = await build({
    entryPoints: [join(here, "src", "css", "mallard.css"), join(here, "src", "css", "portal.css")],
    bundle: true,
    minify: true,
    write: false,
    outdir: out,
    loader: { ".woff2": "file" },
    assetNames: "fonts/[name]",
    legalComments: "none",
    target: ["chrome111", "firefox113", "safari16.4"],
    logLevel: "warning",
  });
  for (const file of result.outputFiles) {
    await mkdir(dirname(file.path), { recursive: true });
    if (file.path.endsWith(".css")) await writeFile(file.path, await extractDataImages(file.text));
    else await writeFile(file.path, file.contents);
  }
}

async function buildScripts() {
  await build({
    entryPoints: {
      theme: join(here, "src", "js", "theme.js"),
      mallard: join(here, "src", "js", "main.js"),
      charts: join(here, "src", "js", "charts.js"),
      planner: join(here, "src", "js", "planner.js"),
      portal: join(here, "src", "js", "portal.js"),
      "portal-card": join(here, "src", "js", "portal-card.js"),
      "portal-worker": join(here, "src", "js", "portal-worker.js"),
    },
    bundle: true,
    minify: true,
    format: "iife",
    outdir: out,
    legalComments: "none",
    target: ["chrome111", "firefox113", "safari16.4"],
    logLevel: "warning",
  });
}

async function buildSprite() {
  const names = (await readFile(join(here, "src", "icons.txt"), "utf8")).split("\n").filter(Boolean);
  const symbols = await Promise.all(
    names.map(async (name) => {
      const file = join(here, "node_modules", "@tabler", "icons", "icons", "outline", `${name}.svg`);
      const svg = await readFile(file, "utf8");
      const body = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
      return (
        `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" ` +
        `stroke-linecap="round" stroke-linejoin="round">${body.replace(/\s*\n\s*/g, "")}</symbol>`
      );
    }),
  );
  await writeFile(join(out, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}

async function copyImages() {
  const source = join(here, "src", "img");
  for (const name of await readdir(source)) await copyFile(join(source, name), join(out, "img", name));
}

// WhiteNoise sends the compressed twin of a file when it finds one.
async function compress() {
  for (const name of await readdir(out)) {
    if (!/\.(css|js|svg)$/.test(name)) continue;
    await writeFile(join(out, `${name}.gz`), gzipSync(await readFile(join(out, name)), { level: 9 }));
  }
}

await rm(out, { recursive: true, force: true });
await mkdir(join(out, "img"), { recursive: true });
await Promise.all([buildStyles(), buildScripts(), buildSprite(), copyImages()]);
await compress();
