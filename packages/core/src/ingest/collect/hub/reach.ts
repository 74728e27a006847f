import * as z from "zod";
import { sourceById } from "../../../sources/index.ts";

const NAME = "[A-Za-z0-9](?:[A-Za-z0-9._-]{0,254}[A-Za-z0-9])?";
const path = (text: string): boolean => URL.canParse(text) && ["", "/"].includes(new URL(text).pathname) && new URL(text).search === "";

/** An event hub, and who reads it: a shared access policy, in a connection string, or an application of Entra. */
export const hubReach = z
  .strictObject({
    kind: z.literal("azure-event-hubs"),
    /** Null where the connection string names it (`EntityPath`). */
    hub: z.string().regex(new RegExp(`^${NAME}$`)).nullable(),
    group: z.string().regex(new RegExp(`^(?:\\$Default|${NAME})$`, "i")),
    /** The source that all records are of; null where each tells. */
    source: z.string().max(100).nullable(),
    /** For an application: the namespace, `sb://corp.servicebus.windows.net`. */
    address: z.url({ protocol: /^(?:sb|amqps)$/ }).max(300).refine(path, "It has a path.").nullable(),
    /** `https://login.microsoftonline.com`; national clouds have their own. */
    login: z.url({ protocol: /^https?$/ }).max(300).refine(path, "It has a path."),
    /** The tenant's id or domain; null where the secret is a connection string. */
    tenant: z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,98}[A-Za-z0-9])?$/).nullable(),
    /** The application's id. */
    client: z.guid().nullable(),
    /** A connection string, or the application's secret. */
    secret: z.string().regex(/^[\x20-\x7e]{10,2000}$/),
  })
  .superRefine((to, context) => {
    const wrong = problemOf(to);
    if (wrong !== null) context.addIssue({ code: "custom", path: [wrong.at], message: wrong.message });
  });
export type HubReach = z.infer<typeof hubReach>;

/** Who reads. */
export type HubIdentity = { by: "key"; name: string; key: string } | { by: "application"; login: string; tenant: string; client: string; secret: string };

/** A hub, and how it is reached. */
export interface Hub {
  host: string;
  port: number;
  /** False for the emulator, and for it alone. */
  tls: boolean;
  name: string;
  group: string;
  identity: HubIdentity;
}

/** AMQP over TLS. */
const PORT = 5671;

/** @throws Error for a reach that its shape would refuse */
export function hubOf(to: HubReach): Hub {
  const hub = to.tenant === null ? fromConnectionString(to) : fromApplication(to);
  if (hub === null) throw new Error("This is not what it takes to read an event hub.");
  return hub;
}

function problemOf(to: HubReach): { at: keyof HubReach; message: string } | null {
  if (to.source !== null && !sourceById(to.source)) return { at: "source", message: "There is no such source." };
  if (to.tenant !== null) {
    if (to.hub === null || to.client === null || to.address === null) return { at: "tenant", message: "An application needs hub, address and client, too." };
    return fromApplication(to) === null ? { at: "address", message: "It is that of the namespace: sb://corp.servicebus.windows.net" } : null;
  }
  if (to.client !== null || to.address !== null) return { at: "client", message: "An application needs its tenant, too; a connection string needs no client and no address." };
  const fields = fieldsOf(to.secret);
  if (fields.has("sharedaccesssignature")) return { at: "secret", message: "It holds a shared access signature, which expires. Give the connection string of a policy, with its key." };
  if (fromConnectionString({ ...to, hub: to.hub ?? "any" }) === null) return { at: "secret", message: "Without a tenant it is a connection string: Endpoint=sb://…;SharedAccessKeyName=…;SharedAccessKey=…;EntityPath=…" };
  const named = fields.get("entitypath");
  if (to.hub === null && named === undefined) return { at: "hub", message: "The connection string is one of the namespace and names no hub." };
  if (to.hub !== null && named !== undefined && named.toLowerCase() !== to.hub.toLowerCase()) return { at: "hub", message: "The connection string names another hub." };
  return named === undefined || new RegExp(`^${NAME}$`).test(named) ? null : { at: "secret", message: "Its EntityPath is no name of a hub." };
}

function fromConnectionString({ secret, hub, group }: HubReach): Hub | null {
  const fields = fieldsOf(secret);
  const place = placeOf(fields.get("endpoint") ?? "");
  const [name, key, entity = hub] = ["sharedaccesskeyname", "sharedaccesskey", "entitypath"].map((field) => fields.get(field));
  if (place === null || !name || !key || !entity) return null;
  return { ...place, tls: fields.get("usedevelopmentemulator") !== "true", name: entity, group, identity: { by: "key", name, key } };
}

function fromApplication({ address, hub, group, login, tenant, client, secret }: HubReach): Hub | null {
  const place = placeOf(address ?? "");
  if (place === null || hub === null || tenant === null || client === null) return null;
  return { ...place, tls: true, name: hub, group, identity: { by: "application", login: new URL(login).origin, tenant, client, secret } };
}

/** The fields of a connection string, by their names in lower case. */
function fieldsOf(text: string): Map<string, string> {
  return new Map(text.split(";").flatMap((field) => (field.includes("=") ? [[field.slice(0, field.indexOf("=")).trim().toLowerCase(), field.slice(field.indexOf("=") + 1).trim()] as const] : [])));
}

function placeOf(address: string): { host: string; port: number } | null {
  const [, rest] = /^(?:sb|amqps):\/\/([^/?#@]+)\/?$/i.exec(address) ?? [];
  // Read as an address of the web: so are names of hosts written in one way only.
  if (rest === undefined || !URL.canParse(`http://${rest}`)) return null;
  const { hostname, port } = new URL(`http://${rest}`);
  return { host: hostname, port: port === "" ? PORT : Number(port) };
}
