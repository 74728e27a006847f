import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** A browser for tests: what `chromium.launch` of playwright-core takes. */
    chromium: { executablePath: string; args: string[]; env: Record<string, string> };
  }
}

const root = fileURLToPath(new URL("..", import.meta.url));

/** Unpacks a Chromium once, from npm alone, into a folder of this checkout that belongs to whoever runs the tests. */
export default function setup(project: TestProject): void {
  const { version } = JSON.parse(readFileSync(join(root, "node_modules/@sparticuz/chromium/package.json"), "utf8")) as { version: string };
  const folder = join(root, ".cache", `chromium-${version}`);
  if (!existsSync(folder)) {
    const unpacked = `${folder}.${process.pid}`;
    mkdirSync(unpacked, { recursive: true });
    execFileSync(process.execPath, ["tools/unpack-chromium.mjs"], { cwd: root, env: { ...process.env, TMPDIR: unpacked }, stdio: ["ignore", "ignore", "inherit"] });
    try {
      renameSync(unpacked, folder);
    } catch (error) {
      // Somebody else was faster; theirs is as good.
      rmSync(unpacked, { recursive: true, force: true });
      if (!existsSync(folder)) throw error;
    }
  }
  // The package's own settings look for the fonts at fixed places outside of the checkout; without any, text has no size and no test sees a layout.
  const fonts = join(folder, "fonts.conf");
  writeFileSync(fonts, `<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig><dir>${join(folder, "fonts/fonts")}</dir><cachedir>${join(folder, "fonts/cache")}</cachedir></fontconfig>\n`);
  project.provide("chromium", {
    executablePath: join(folder, "chromium"),
    args: ["--no-sandbox", "--disable-gpu"],
    env: { LD_LIBRARY_PATH: join(folder, "al2023/lib"), FONTCONFIG_FILE: fonts, HOME: folder },
  });
}
