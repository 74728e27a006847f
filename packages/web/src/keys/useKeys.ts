import { useEffect, useRef } from "react";
import { step } from "./sequence.ts";

type Bindings = Record<string, () => void>;

/** What is bound now; the last that was mounted wins. */
const bound: { current: Bindings }[] = [];
const FORGET_MS = 1_500;

/** Binds shortcuts while the component is on the page. */
export function useKeys(bindings: Bindings): void {
  const latest = useRef(bindings);
  useEffect(() => {
    latest.current = bindings;
  });
  useEffect(() => {
    bound.push(latest);
    return () => void bound.splice(bound.indexOf(latest), 1);
  }, []);
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"));
}

/** Listens to the keyboard; gives a function that stops it. Fields, dialogs and the browser's own shortcuts are left alone. */
export function listenToKeys(): () => void {
  let pending = "";
  let last = 0;
  const listener = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
    if (document.querySelector("dialog[open]") !== null) return;
    const [target = null] = event.composedPath(); // the editor is in a shadow root
    if (typing(target)) {
      if (event.key === "Escape") (target as HTMLElement).blur();
      return;
    }
    const known = bound.flatMap(({ current }) => Object.keys(current));
    const next = step(event.timeStamp - last > FORGET_MS ? "" : pending, event.key, known);
    last = event.timeStamp;
    pending = next.pending;
    const { run } = next;
    if (run === null) return;
    event.preventDefault();
    bound.findLast(({ current }) => Object.hasOwn(current, run))?.current[run]?.();
  };
  document.addEventListener("keydown", listener);
  return () => document.removeEventListener("keydown", listener);
}

/** Where the focus was last on a page, for when what had it is gone. */
let left = { path: "", at: 0 };

/** Moves the focus to the next (1) or previous (-1) thing that can be opened; when what had the focus is gone, to what stands in its place. */
export function moveFocus(by: 1 | -1): void {
  const path = window.location.pathname;
  const links = [...document.querySelectorAll<HTMLElement>("main [data-open]")];
  const last = links.length - 1;
  // Items of a list may hold lists of their own: the innermost counts.
  const at = links.findLastIndex((link) => link === document.activeElement || link.closest("tr, li")?.contains(document.activeElement) === true);
  const anew = left.path === path ? left.at : by === 1 ? 0 : last;
  const to = Math.min(last, Math.max(0, at === -1 ? anew : at + by));
  left = { path, at: to };
  const next = links[to];
  next?.focus({ preventScroll: true });
  next?.closest("tr, li")?.scrollIntoView({ block: "nearest" });
}
