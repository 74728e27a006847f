#!/usr/bin/env node
// The `corduroy` program. Committed as plain JavaScript, because npm links a bin only if its file exists at install, and because an old
// Node must get a friendly sentence instead of a syntax error: no newer syntax here, and everything else is imported afterwards.
import { existsSync } from "fs";
import { requireNode } from "./node-version.mjs";

requireNode();

// In a checkout the program is built from the sources when they have changed; an installed package has only `dist`.
const bundler = new URL("../../../tools/bundle.mjs", import.meta.url);
const inCheckout = existsSync(new URL("../src/main.ts", import.meta.url)) && existsSync(bundler);
const ready = inCheckout ? import(bundler.href).then((module) => module.freshBundle()) : Promise.resolve();

/**
 * Exit code 1 means findings; Node would give it to anything thrown at start.
 * @param {string} text
 */
function giveUp(text) {
  process.stderr.write("corduroy: " + text + "\n");
  process.exit(2);
}

ready.then(
  () => import(new URL("../dist/main.mjs", import.meta.url).href).catch((error) => giveUp(error.stack)),
  (error) => giveUp(error.message),
);
