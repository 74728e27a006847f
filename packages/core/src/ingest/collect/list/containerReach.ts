import * as z from "zod";

const secret = z.string().regex(/^[\x21-\x7e]{10,2000}$/);
const origin = z.url({ protocol: /^https?$/ }).max(300).refine((text) => new URL(text).pathname === "/" && new URL(text).search === "", "It has a path.");

/** What it takes to read a container of Azure Storage: an application of Entra, or a shared access signature. Kept sealed. */
export const containerReach = z.union([
  z.strictObject({
    /** `https://login.microsoftonline.com` */
    login: origin,
    tenant: z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,98}[A-Za-z0-9])?$/),
    client: z.guid(),
    secret,
  }),
  /** The query of a signed address, with or without its question mark. */
  z.strictObject({ sas: secret.regex(/(?:^|[?&])sig=/, "It has no sig=.") }),
]);
export type ContainerReach = z.infer<typeof containerReach>;

/** A container, or what begins with a prefix in it. */
export interface ContainerAddress {
  /** `https://account.blob.core.windows.net` */
  origin: string;
  container: string;
  prefix: string;
}

const CONTAINER = /^(?=.{3,63}$)[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Takes `https://account.blob.core.windows.net/container/folder` apart; undefined for anything else. */
export function parseContainer(address: string): ContainerAddress | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, origin: host, pathname, username, password, search, hash } = new URL(address);
  const [, container = "", folder = ""] = /^\/([^/]*)(?:\/(.*))?$/s.exec(pathname) ?? [];
  if (!/^https?:$/.test(protocol) || username + password + search + hash !== "" || !CONTAINER.test(container)) return undefined;
  const prefix = decodeURIComponent(folder);
  return { origin: host, container, prefix: prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/` };
}

export const CONTAINER_NEEDS =
  "An application registered in Entra, with a client secret, that has the role Storage Blob Data Reader on the container and on nothing else. Or a shared access signature of the container with the permissions Read and List (sp=rl).";
