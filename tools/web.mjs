import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const checkout = fileURLToPath(new URL("..", import.meta.url));

/** Where the UI begins; a checkout without it has no UI to build. */
export const WEB_ENTRY = "packages/web/src/main.tsx";
const PAGE = "packages/web/index.html";
const NO_JIT = "packages/web/src/app/no-jit.ts";

/**
 * zod carries its messages in fifty languages, and `z` holds all of them: 39 KB gzip that nobody reads. English is enough.
 * @type {import("esbuild").Plugin}
 */
const oneLanguage = {
  name: "one language of zod",
  setup: (build) => {
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({ contents: 'export { default as en } from "./en.js";' }));
  },
};

/**
 * Builds the UI: `index.html` and hashed files below `assets/`, which may be cached for ever. Nothing is inline but the icon, so a content
 * policy of `script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'` is enough.
 * @param {string} outdir
 * @param {string} [root] the checkout
 * @returns {Promise<string[]>} every file that went in, relative to the root
 * @throws {import("esbuild").BuildFailure} when the sources do not compile
 */
export async function buildWeb(outdir, root = checkout) {
  const esbuild = await import("esbuild");
  const { metafile } = await esbuild.build({
    entryPoints: [WEB_ENTRY],
    absWorkingDir: root,
    outdir: join(outdir, "assets"),
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: ["es2022", "chrome123", "firefox121", "safari17.5"],
    jsx: "automatic",
    minify: true,
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    legalComments: "external",
    define: { "process.env.NODE_ENV": '"production"' },
    metafile: true,
    logLevel: "silent",
    inject: [NO_JIT],
    plugins: [oneLanguage],
  });
  writeFileSync(join(outdir, "index.html"), pageWith(readFileSync(join(root, PAGE), "utf8"), metafile, relative(root, outdir)));
  return [...Object.keys(metafile.inputs), PAGE];
}

/**
 * The page with its style sheet, its program, and what that program imports at once: so the browser asks for all of it together.
 * @param {string} page
 * @param {import("esbuild").Metafile} metafile
 * @param {string} outdir as the metafile's paths begin
 */
function pageWith(page, { outputs }, outdir) {
  const entry = Object.keys(outputs).find((path) => outputs[path]?.entryPoint === WEB_ENTRY) ?? "";
  /** @param {string} path */
  const url = (path) => `/${relative(outdir, path).replaceAll("\\", "/")}`;
  const style = outputs[entry]?.cssBundle;
  const tags = [
    ...(style === undefined ? [] : [`<link rel="stylesheet" href="${url(style)}">`]),
    ...staticImports(outputs, entry).map((path) => `<link rel="modulepreload" href="${url(path)}">`),
    `<script type="module" src="${url(entry)}"></script>`,
  ];
  return page.replace("</head>", `${tags.join("\n")}\n</head>`);
}

/**
 * @param {import("esbuild").Metafile["outputs"]} outputs
 * @param {string} entry
 * @returns {string[]} the chunks that load with the entry, without itself
 */
function staticImports(outputs, entry) {
  const found = new Set([entry]);
  for (const path of found) for (const { path: next, kind } of outputs[path]?.imports ?? []) if (kind === "import-statement") found.add(next);
  found.delete(entry);
  return [...found];
}
