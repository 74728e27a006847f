import type { AlertMessage } from "./schemas.ts";
import type { ReadableMessage } from "./text.ts";

/** The plain part of a mail. */
export function textOf(message: AlertMessage, { headline, lines, facts, link }: ReadableMessage): string {
  return [
    headline,
    "",
    ...lines,
    ...(lines.length > 0 ? [""] : []),
    ...facts.map(([name, value]) => `${name}: ${value}`),
    ...(facts.length > 0 ? [""] : []),
    `${message.level} · ${message.at}`,
    ...(link === null ? [] : [link]),
    "",
  ].join("\n");
}

/** The same as a page without style, script or picture. The only link is ours. */
export function htmlOf(message: AlertMessage, { headline, lines, facts, link }: ReadableMessage): string {
  const rows = facts.map(([name, value]) => `<tr><th align="left">${escaped(name)}</th><td>${escaped(value)}</td></tr>`);
  return [
    `<!doctype html><html><body><h3>${escaped(headline)}</h3>`,
    ...lines.map((line) => `<p>${escaped(line)}</p>`),
    ...(rows.length > 0 ? [`<table>${rows.join("")}</table>`] : []),
    `<p>${escaped(`${message.level} · ${message.at}`)}</p>`,
    ...(link === null ? [] : [`<p><a href="${escaped(link)}">Open in Corduroy</a></p>`]),
    "</body></html>",
  ].join("\n");
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
