/** A tactic of MITRE ATT&CK for Enterprise. */
export interface Tactic {
  /** `TA0003`; null for a name this version does not know. */
  uid: string | null;
  name: string;
}

/** In the order an attack usually unfolds. Version 19 split Defense Evasion (TA0005) into Stealth, which kept the id, and Defense Impairment; rules use all three names. */
const TACTICS: Tactic[] = [
  { uid: "TA0043", name: "Reconnaissance" },
  { uid: "TA0042", name: "Resource Development" },
  { uid: "TA0001", name: "Initial Access" },
  { uid: "TA0002", name: "Execution" },
  { uid: "TA0003", name: "Persistence" },
  { uid: "TA0004", name: "Privilege Escalation" },
  { uid: "TA0005", name: "Defense Evasion" },
  { uid: "TA0005", name: "Stealth" },
  { uid: "TA0112", name: "Defense Impairment" },
  { uid: "TA0006", name: "Credential Access" },
  { uid: "TA0007", name: "Discovery" },
  { uid: "TA0008", name: "Lateral Movement" },
  { uid: "TA0009", name: "Collection" },
  { uid: "TA0011", name: "Command and Control" },
  { uid: "TA0010", name: "Exfiltration" },
  { uid: "TA0040", name: "Impact" },
];

/** The tactic behind `attack.privilege-escalation`, `privilege_escalation`, `Privilege Escalation` or `TA0004`; unknown text keeps its name. */
export function tacticOf(text: string): Tactic {
  const plain = words(text);
  const known = TACTICS.find((tactic) => words(tactic.name) === plain || tactic.uid?.toLowerCase() === plain);
  return known ?? { uid: null, name: text };
}

/** Sort key: where the tactic stands in an attack; unknown names last. */
export function tacticOrder(tactic: Tactic): number {
  const index = TACTICS.findIndex((known) => known.name === tactic.name);
  return index === -1 ? TACTICS.length : index;
}

/** `attack.t1098.003` as `T1098.003`; null when the text is no technique id. */
export function techniqueOf(text: string): string | null {
  const match = /^(?:attack\.)?(t\d{4}(?:\.\d{3})?)$/i.exec(text.trim());
  return match?.[1]?.toUpperCase() ?? null;
}

/** The page of a technique as `techniqueOf` gives it. */
export function techniqueUrl(technique: string): string {
  return `https://attack.mitre.org/techniques/${technique.replace(".", "/")}/`;
}

function words(text: string): string {
  return text.trim().toLowerCase().replace(/^attack\./, "").replace(/[-_ ]+/g, " ");
}
