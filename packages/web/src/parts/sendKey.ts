import type { KeyboardEvent } from "react";

/** Ctrl+Enter (or Cmd+Enter) anywhere in a form sends it, with the browser's own checks of its fields. */
export function sendOnCtrlEnter(event: KeyboardEvent<HTMLFormElement>): void {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  event.currentTarget.requestSubmit();
}
