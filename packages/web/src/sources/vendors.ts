import { CollectorReach, type Collector } from "@corduroy/contract";

export type VendorKind = CollectorReach["kind"];

/** One thing that a vendor's form asks for; `name` is that of the contract. */
export interface Ask {
  name: string;
  label: string;
  /** `password`: a secret, which the page forgets as soon as it is sent. Choices: value and text. */
  type: "text" | "url" | "password" | readonly (readonly [value: string, text: string])[];
  placeholder?: string;
  help?: string;
  /** It may be left empty, and the vendor's own is meant. */
  optional?: true;
}

export interface Vendor {
  title: string;
  /** What is asked for, and with whose rights. */
  about: string;
  /** The sources that its events are of. */
  sources: readonly string[];
  asks: readonly Ask[];
}

/** The vendors that can be asked for their logs, as the form shows them: a new one of the contract is one entry here. */
export const VENDORS: Readonly<Record<VendorKind, Vendor>> = {
  okta: {
    title: "Okta",
    about: "The System Log of an Okta org is asked for every half minute. The token is of a user who is a Read-only Administrator, or whose custom role has okta.logs.read.",
    sources: ["okta.system"],
    asks: [
      { name: "address", label: "Address of the org", type: "url", placeholder: "https://corp.okta.com", help: "Without -admin, and without a path." },
      { name: "token", label: "API token", type: "password", help: "From Security, API, Tokens." },
    ],
  },
  github: {
    title: "GitHub",
    about: "The audit log of an organisation on GitHub Enterprise is asked for every minute, with a token of an owner.",
    sources: ["github.audit"],
    asks: [
      { name: "organisation", label: "Organisation", type: "text", placeholder: "corp-example", help: "As in its address." },
      { name: "token", label: "Token", type: "password", help: "A personal access token (classic) with read:audit_log and nothing else." },
      { name: "address", label: "Address of the API (may be empty)", type: "url", placeholder: "https://api.github.com", help: "Only for a server of your own: https://github.corp.example/api/v3", optional: true },
    ],
  },
  "microsoft-graph": {
    title: "Microsoft Graph",
    about: "Sign-ins, directory audits, risk detections or alerts of Defender of a tenant are asked for every two minutes, as an application with AuditLog.Read.All, for risks IdentityRiskEvent.Read.All, for alerts SecurityAlert.Read.All. Each log is a collector of its own.",
    sources: ["entra.signin", "entra.audit", "entra.risk", "microsoft.defender"],
    asks: [
      { name: "log", label: "Log", type: [["signIns", "Sign-ins"], ["directoryAudits", "Directory audits"], ["riskDetections", "Risk detections"], ["alerts", "Alerts of Defender"]] },
      { name: "tenant", label: "Tenant", type: "text", placeholder: "corp.onmicrosoft.com", help: "Its id or its domain." },
      { name: "client", label: "Application (client) id", type: "text", placeholder: "00001111-aaaa-2222-bbbb-3333cccc4444" },
      { name: "secret", label: "Client secret", type: "password", help: "Its value, not its id." },
      { name: "address", label: "Address of Graph (may be empty)", type: "url", placeholder: "https://graph.microsoft.com", help: "National clouds have their own.", optional: true },
      { name: "login", label: "Address to sign in at (may be empty)", type: "url", placeholder: "https://login.microsoftonline.com", optional: true },
    ],
  },
  "google-workspace": {
    title: "Google Workspace",
    about: "Activities are asked for by a service account with domain-wide delegation, on behalf of an administrator. Each application is a collector of its own.",
    sources: ["google.workspace"],
    asks: [
      { name: "application", label: "Application", type: "text", placeholder: "login", help: "As the Reports API calls it: login, admin, drive, token." },
      { name: "admin", label: "Administrator", type: "text", placeholder: "admin@corp.example", help: "Who may see reports." },
      { name: "key", label: "Key file of the service account", type: "password", help: "The whole text of the JSON file." },
      { name: "address", label: "Address of the Admin SDK (may be empty)", type: "url", placeholder: "https://admin.googleapis.com", optional: true },
    ],
  },
  guardduty: {
    title: "Amazon GuardDuty",
    about: "Findings of a detector are asked for with the identity of the service's machine, or as a role.",
    sources: ["aws.guardduty"],
    asks: [
      { name: "region", label: "Region", type: "text", placeholder: "eu-west-1" },
      { name: "detector", label: "Detector", type: "text", placeholder: "12abc34d567e8fa901bc2d34e56789f0", help: "Its id." },
      { name: "role", label: "Role (may be empty)", type: "text", placeholder: "arn:aws:iam::111122223333:role/corduroy", help: "Where the detector lies in another account.", optional: true },
    ],
  },
  "azure-event-hubs": {
    title: "Azure Event Hubs",
    about: "All partitions of an event hub are read, as diagnostic settings send to. Either a policy with the claim Listen reads it, with its connection string alone, or an application with the role Azure Event Hubs Data Receiver.",
    sources: ["azure.activity", "azure.appgw", "azure.diagnostics"],
    asks: [
      { name: "secret", label: "Connection string, or the application's client secret", type: "password" },
      { name: "group", label: "Consumer group (may be empty)", type: "text", placeholder: "$Default", help: "Better one of Corduroy's own.", optional: true },
      { name: "hub", label: "Event hub (may be empty)", type: "text", help: "Where the connection string does not name it, and for an application.", optional: true },
      { name: "source", label: "Source of all its records (may be empty)", type: "text", help: "Empty: each record tells.", optional: true },
      { name: "address", label: "Application: address of the namespace", type: "text", placeholder: "sb://corp.servicebus.windows.net", optional: true },
      { name: "tenant", label: "Application: tenant", type: "text", help: "Its id or its domain.", optional: true },
      { name: "client", label: "Application: client id", type: "text", placeholder: "00001111-aaaa-2222-bbbb-3333cccc4444", optional: true },
      { name: "login", label: "Address to sign in at (may be empty)", type: "url", placeholder: "https://login.microsoftonline.com", optional: true },
    ],
  },
};

/** How each kind of collector is called. */
export function collectorName(kind: Collector["kind"]): string {
  if (kind === "sqs") return "SQS";
  if (kind === "s3") return "S3";
  return kind === "azure-blob" ? "Azure Storage" : VENDORS[kind].title;
}

/** What a form's values come to: what is sent, or what is wrong by the name of the field, in plain words. */
export function reachOf(kind: VendorKind, values: Readonly<Record<string, string>>): { reach: CollectorReach } | { wrong: Record<string, string> } {
  const given = VENDORS[kind].asks.flatMap(({ name, type }): [string, string][] => {
    const value = (values[name] ?? (typeof type === "string" ? "" : (type[0]?.[0] ?? ""))).trim();
    return value === "" ? [] : [[name, value]];
  });
  const parsed = CollectorReach.safeParse({ kind, ...Object.fromEntries(given) });
  if (parsed.success) return { reach: parsed.data };
  return { wrong: Object.fromEntries(parsed.error.issues.map((issue) => [String(issue.path[0] ?? ""), plainly(issue)])) };
}

type Issue = NonNullable<ReturnType<typeof CollectorReach.safeParse>["error"]>["issues"][number];

function plainly(issue: Issue): string {
  if (issue.code === "invalid_type") return "This is needed.";
  if (issue.code === "too_small") return `It has ${String(issue.minimum)} characters at least.`;
  if (issue.code === "too_big") return `It has ${String(issue.maximum)} characters at most.`;
  if (issue.code === "invalid_format" && issue.format === "url") return "Write the whole address, with https:// before it.";
  if (issue.code === "invalid_format" && issue.format === "guid") return "An id looks like 00001111-aaaa-2222-bbbb-3333cccc4444.";
  return issue.message;
}
