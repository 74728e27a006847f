/** A shortcut as the help shows it. */
export interface Shortcut {
  keys: string;
  text: string;
}

/** Pages that `g` and a letter lead to. */
export const PLACES = [
  { keys: "g n", to: "/", text: "Now" },
  { keys: "g f", to: "/findings", text: "Findings" },
  { keys: "g s", to: "/search", text: "Search" },
  { keys: "g r", to: "/rules", text: "Rules" },
  { keys: "g o", to: "/sources", text: "Sources" },
  { keys: "g c", to: "/catalog", text: "Catalog" },
  { keys: "g a", to: "/audit", text: "Audit" },
  { keys: "g t", to: "/settings", text: "Settings" },
] as const;

/** All shortcuts, in groups. */
export const SHORTCUTS: { group: string; keys: readonly Shortcut[] }[] = [
  { group: "Go to", keys: PLACES },
  {
    group: "In a list",
    keys: [
      { keys: "j", text: "next" },
      { keys: "k", text: "previous" },
      { keys: "o", text: "open (or Enter)" },
      { keys: "n", text: "show what is new" },
    ],
  },
  {
    group: "With a finding",
    keys: [
      { keys: "a", text: "assign to me" },
      { keys: "e", text: "close with a disposition, or open again" },
      { keys: "c", text: "comment" },
      { keys: "s", text: "suppress" },
      { keys: "t", text: "mark as triaged" },
      { keys: "p", text: "mark as in progress" },
      { keys: "x", text: "open its events in search" },
    ],
  },
  {
    group: "Anywhere",
    keys: [
      { keys: "/", text: "search" },
      { keys: "Escape", text: "back, or leave a field" },
      { keys: "Ctrl+Enter", text: "run the query, send the form" },
      { keys: "?", text: "these keys" },
    ],
  },
];
