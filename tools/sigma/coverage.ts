import { readdirSync, readFileSync } from "node:fs";

/** A Sigma rule, and by which event it is proven to fire; or why it is not. */
interface Proof {
  rule: string;
  from?: string;
  unproven?: string;
}

const PROOFS = new URL("../../content/sigma-proofs/", import.meta.url);
const PRODUCTS: Readonly<Record<string, string>> = { auditd: "Linux auditd", aws: "AWS", azure: "Azure and Microsoft Entra", github: "GitHub", "google-workspace": "Google Workspace", kubernetes: "Kubernetes", m365: "Microsoft 365", okta: "Okta" };

const HEAD = `# Which of SigmaHQ's rules fire

Written by \`npm run sigma:coverage\` from \`content/sigma-proofs\`; tests show that each proof holds.

A rule counts as proven when it fires, through the mapping of the source it is for, on an event that is a real record, or that has the shape which the vendor documents. Where no such event is known the rule is listed as
unproven, with the reason: a name or a value that the vendor never writes is not made up for it.
`;

/** The page docs/sigma-coverage.md. */
export function coveragePage(): string {
  const products = readdirSync(PROOFS).sort().map((file) => ({ name: PRODUCTS[file.replace(".json", "")] ?? file, proofs: JSON.parse(readFileSync(new URL(file, PROOFS), "utf8")) as Proof[] }));
  const all = products.flatMap(({ proofs }) => proofs);
  const summary = ["| product | rules | proven | by a real record | by the documented shape |", "|---|---|---|---|---|", ...products.map(({ name, proofs }) => line(name, proofs)), line("all", all)];
  const lists = products.map(({ name, proofs }) => [`## ${name}`, "", "| rule | proven by |", "|---|---|", ...proofs.map(({ rule, from, unproven }) => `| \`${rule}\` | ${cell(from ?? `**unproven.** ${unproven}`)} |`), ""].join("\n"));
  return `${HEAD}\n${summary.join("\n")}\n\n${lists.join("\n")}`;
}

function line(name: string, proofs: readonly Proof[]): string {
  const proven = proofs.flatMap(({ from }) => from ?? []);
  const real = proven.filter((from) => from.startsWith("real"));
  return `| ${name} | ${proofs.length} | ${proven.length} (${Math.floor((100 * proven.length) / proofs.length)} %) | ${real.length} | ${proven.length - real.length} |`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
