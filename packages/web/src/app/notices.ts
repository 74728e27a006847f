import { problemFrom } from "./connection.ts";

/** A short message at the edge of the page; `failed` ones stay until they are dismissed. */
export interface Notice {
  id: number;
  text: string;
  hint?: string | undefined;
  failed: boolean;
}

const MOST = 4;
const SHOWN_MS = 6_000;

let notices: readonly Notice[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function set(next: readonly Notice[]): void {
  notices = next;
  for (const listener of listeners) listener();
}

export function currentNotices(): readonly Notice[] {
  return notices;
}

export function onNotices(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function dismiss(id: number): void {
  set(notices.filter((notice) => notice.id !== id));
}

/** Says that something was done; gone by itself after some seconds. */
export function say(text: string): void {
  const id = ++lastId;
  set([...notices, { id, text, failed: false }].slice(-MOST));
  setTimeout(() => dismiss(id), SHOWN_MS);
}

/** Says that something failed, and what to do next. */
export function complain(text: string, hint?: string): void {
  if (notices.some((notice) => notice.failed && notice.text === text)) return;
  set([...notices, { id: ++lastId, text, hint, failed: true }].slice(-MOST));
}

/** Says what an error of the service says. */
export function complainOf(error: unknown): void {
  const { detail, hint } = problemFrom(error);
  complain(detail, hint);
}
