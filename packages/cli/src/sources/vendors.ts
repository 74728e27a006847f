import { readFile } from "node:fs/promises";
import { CollectorReach, CollectorStore, VENDORS } from "@corduroy/contract";
import { parseSince } from "@corduroy/core/ingest";
import { Invalid } from "@corduroy/core/kernel";
import { askSecret } from "../askSecret.ts";

type Vendor = CollectorReach["kind"];

/** What the command line says about where to collect from. */
export interface Given {
  sqs?: string;
  bucket?: string;
  container?: string;
  sas?: boolean;
  role?: string;
  address?: string;
  organisation?: string;
  tenant?: string;
  client?: string;
  log?: string;
  admin?: string;
  application?: string;
  region?: string;
  detector?: string;
  hub?: string;
  group?: string;
  source?: string;
}

/** What is asked for and what it is called in the request, where there is a secret, and what has to be said on the command line. */
const VENDOR: Record<Vendor, { secret?: string; as?: "token" | "secret" | "key"; needed: readonly (keyof Given)[] }> = {
  okta: { secret: "API token of Okta", as: "token", needed: ["address"] },
  github: { secret: "Token of GitHub", as: "token", needed: ["organisation"] },
  "microsoft-graph": { secret: "Client secret of the application", as: "secret", needed: ["tenant", "client", "log"] },
  "google-workspace": { secret: "Key file of the service account", as: "key", needed: ["admin", "application"] },
  guardduty: { needed: ["region", "detector"] },
  "azure-event-hubs": { secret: "Connection string of the policy, or client secret of the application", as: "secret", needed: [] },
};

export function isVendor(what: string): what is Vendor {
  return (VENDORS as readonly string[]).includes(what);
}

/** What the service is to ask the vendor with. @throws Invalid that names what is missing, and no secret */
export function reachOf(vendor: Vendor, given: Given, secret: string | null): CollectorReach {
  const { as, needed } = VENDOR[vendor];
  const missing = needed.filter((name) => given[name] === undefined);
  if (missing.length > 0) throw new Invalid(`For ${vendor} it needs ${missing.map((name) => `--${name}`).join(" and ")}.`, { hint: "corduroy sources add --help shows an example." });
  const { sqs: _sqs, bucket: _bucket, container: _container, sas: _sas, ...wanted } = given;
  const { data, error } = CollectorReach.safeParse({ kind: vendor, ...wanted, ...(as !== undefined && { [as]: secret }) });
  if (data === undefined) throw new Invalid(`Of what is needed for ${vendor}, this is not right: ${[...new Set(error.issues.map(({ path }) => path.join(".")))].join(", ")}.`, { hint: "corduroy sources add --help shows an example." });
  return data;
}

const LONGEST = 16_384;

/** What the service is to list: a bucket, or a container with the secret that reads it. @throws Invalid that names what is missing, and no secret */
export async function storeOf({ bucket, container, role, tenant, client, sas = false }: Given, secretFile: string | undefined): Promise<CollectorStore> {
  if (bucket !== undefined && container === undefined) return { kind: "s3", address: bucket, role: role ?? null };
  if (container === undefined || bucket !== undefined) throw new Invalid("One collector lists one bucket or one container.", { hint: "Add them one after the other." });
  if (sas ? tenant !== undefined || client !== undefined : tenant === undefined || client === undefined) throw new Invalid("A container is read either as an application, with --tenant and --client, or with --sas.", { hint: "corduroy sources add --help shows an example." });
  const secret = await readSecret(sas ? "Shared access signature of the container" : "Client secret of the application", secretFile);
  const { data, error } = CollectorStore.safeParse({ kind: "azure-blob", address: container, reach: sas ? { sas: secret } : { tenant, client, secret } });
  if (data === undefined) throw new Invalid(`Of what is needed for the container, this is not right: ${[...new Set(error.issues.map(({ path }) => path.join(".")))].join(", ")}.`, { hint: "corduroy sources add --help shows an example." });
  return data;
}

/** The vendor's secret: from a file, from standard input, or asked for without showing what is typed. Never from an argument, where others could read it. @returns null where it has none @throws Invalid */
export async function secretOf(vendor: Vendor, file: string | undefined): Promise<string | null> {
  const { secret, as } = VENDOR[vendor];
  if (secret === undefined) return null;
  // A key file has many lines: pasted, all but the first would go to the shell.
  return readSecret(secret, file, as === "key" ? async () => null : askSecret);
}

async function readSecret(name: string, file: string | undefined, ask = askSecret): Promise<string> {
  const text = file !== undefined ? await readFile(file, "utf8") : process.stdin.isTTY ? ((await ask(`${name}: `)) ?? "") : await allOf(process.stdin);
  const secret = text.trim();
  if (secret === "") throw new Invalid("No secret was given.", { hint: "Send it in (< FILE), or name its file with --secret-file." });
  if (secret.length > LONGEST) throw new Invalid("This is too long for a secret.");
  return secret;
}

async function allOf(input: NodeJS.ReadStream): Promise<string> {
  let text = "";
  for await (const piece of input.setEncoding("utf8") as AsyncIterable<string>) {
    text += piece;
    if (text.length > 2 * LONGEST) break;
  }
  return text;
}

/** `--since`. @throws Invalid */
export function momentOf(since: string): Date {
  try {
    return parseSince(since, new Date());
  } catch (error) {
    throw new Invalid(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
