/** The colour scheme: as the system has it, or one that the person chose. */
export type Theme = "system" | "light" | "dark";

const KEY = "corduroy.theme";
const ORDER: readonly Theme[] = ["system", "light", "dark"];

/** The chosen theme of this browser. */
export function storedTheme(): Theme {
  const stored = localStorage.getItem(KEY);
  return ORDER.find((theme) => theme === stored) ?? "system";
}

/** Puts a theme on the page and remembers it. */
export function applyTheme(theme: Theme): void {
  if (theme === "system") {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem(KEY);
  } else {
    document.documentElement.dataset.theme = theme;
    localStorage.setItem(KEY, theme);
  }
}

/** The theme that a press on the button leads to. */
export function nextTheme(theme: Theme): Theme {
  return ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length] ?? "system";
}
