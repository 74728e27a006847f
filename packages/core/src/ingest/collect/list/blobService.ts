import { Unavailable } from "../../../kernel/index.ts";
import type { Outbound, OutboundAnswer, OutboundRequest } from "../../../net/index.ts";
import { ask, PlaceLost, type Refusal } from "../poll/ask.ts";
import { asBearer } from "../poll/bearer.ts";
import { NotYet } from "../poll/poller.ts";
import { NotRead } from "../takeIn.ts";
import { CONTAINER_NEEDS, type ContainerAddress, type ContainerReach } from "./containerReach.ts";
import { listOfBlobs, type ListedBlob } from "./listOfBlobs.ts";

/** Some bytes of a blob, and what it was when they were read. */
export interface BlobRange {
  bytes: Buffer;
  etag: string;
  /** Of the whole blob. */
  size: number;
}

/** The requests that reading a container takes. */
export interface BlobService {
  /** @param marker where the page before has ended; empty for the first. @throws PlaceLost, NotYet, Unavailable in words */
  list(marker: string): Promise<{ blobs: ListedBlob[]; next: string }>;
  /**
   * @param from the first byte, @param to the last one; the blob may be shorter
   * @param etag of which content; null for what is there
   * @returns null where there is no such blob
   * @throws NotRead when it was changed, or may not be read; NotYet; Unavailable
   */
  read(name: string, from: number, to: number, etag: string | null): Promise<BlobRange | null>;
}

/** Encoded names came with this version. */
const VERSION = "2021-12-02";
/** How long to wait where a busy service does not say. */
const BUSY_MS = 10_000;
class Gone extends Error {}

/** @param pageSize blobs a request; 5,000 at most */
export function blobService({ origin, container, prefix }: ContainerAddress, reach: ContainerReach, outbound: Outbound, pageSize: number): BlobService {
  const send = "sas" in reach ? (request: OutboundRequest, refused: (refusal: Refusal) => Error | null) => ask(outbound, "Azure", request, refused) : asApplication(reach, outbound);
  const signature = "sas" in reach ? reach.sas.replace(/^\?/, "") : "";
  const get = (path: string, query: string, headers: Record<string, string>, refused: (refusal: Refusal) => Error | null): Promise<OutboundAnswer> => {
    const search = [query, signature].filter((part) => part !== "").join("&");
    const dated = { "x-ms-version": VERSION, "x-ms-date": outbound.now().toUTCString(), accept: "*/*", ...headers };
    return send({ method: "GET", url: `${origin}/${container}${path}${search === "" ? "" : `?${search}`}`, headers: dated }, (refusal) => refused(refusal) ?? inWords(refusal));
  };
  /** What is the matter wherever it happens. */
  function inWords({ status, code }: Refusal): Error | null {
    const said = code === "" ? "" : ` (${code})`;
    if (status === 503 || code === "OperationTimedOut") return new NotYet(new Date(outbound.now().getTime() + BUSY_MS));
    if (code === "AuthorizationPermissionMismatch") return new Unavailable(`The container ${container} may not be read${said}.`, { hint: "sas" in reach ? `The shared access signature lacks Read or List. ${CONTAINER_NEEDS}` : `The application lacks the role Storage Blob Data Reader on it; a new role takes up to ten minutes. ${CONTAINER_NEEDS}` });
    if (status === 401 || status === 403) return new Unavailable(`Azure refuses to let the container ${container} be read${said}.`, { hint: `The secret or signature is wrong or has expired, or the account's firewall does not let this machine in. ${CONTAINER_NEEDS}` });
    if (status === 404) return new Unavailable(`There is no container ${container} at ${origin}${said}.`, { hint: "Check its address." });
    return null;
  }
  return {
    list: async (marker) => {
      const query = new URLSearchParams({ restype: "container", comp: "list", maxresults: String(pageSize), ...(prefix !== "" && { prefix }), ...(marker !== "" && { marker }) }).toString().replaceAll("+", "%20");
      const answer = await get("", query, {}, ({ status }) => (status === 400 && marker !== "" ? new PlaceLost() : null));
      const page = listOfBlobs(answer.body);
      if (page === null) throw new Unavailable(`What answers at ${origin} is no list of blobs.`, { hint: "The address is that of the container: https://ACCOUNT.blob.core.windows.net/CONTAINER." });
      return page;
    },
    read: async (name, from, to, etag) => {
      const location = locationOf({ origin, container }, name);
      // An address with such a part would be that of another blob.
      if (name.split("/").some((part) => part === "." || part === "..")) throw new NotRead(`${location} has a name that no address can have.`, { hint: "Copy it to another name." });
      const refused = ({ status, code }: Refusal): Error | null => {
        if (code === "BlobNotFound" || status === 416) return new Gone();
        if (status === 412) return new NotRead(`${location} was changed while it was read.`, { hint: "It is read again." });
        return status === 409 || status === 400 ? new NotRead(`${location} cannot be read${code === "" ? "" : ` (${code})`}.`) : null;
      };
      const answer = await get(pathOf(name), "", { "x-ms-range": `bytes=${from}-${to}`, ...(etag !== null && { "if-match": `"${etag}"` }) }, refused).catch((error: unknown) => {
        if (error instanceof Gone) return null;
        throw error;
      });
      if (answer === null) return null;
      const size = Number(/^bytes \d+-\d+\/(\d+)$/.exec(answer.headers.get("content-range") ?? "")?.[1] ?? answer.headers.get("content-length"));
      const tag = answer.headers.get("etag")?.replaceAll('"', "");
      if (tag === undefined || !Number.isSafeInteger(size)) throw new Unavailable(`What answers at ${origin} is no blob.`, { hint: "The address is that of the container: https://ACCOUNT.blob.core.windows.net/CONTAINER." });
      return { bytes: answer.bytes, etag: tag, size };
    },
  };
}

/** How a blob is called: its address, readable. */
export function locationOf({ origin, container }: Pick<ContainerAddress, "origin" | "container">, name: string): string {
  return `${origin}/${container}/${name}`;
}

function pathOf(name: string): string {
  return `/${name.split("/").map(encodeURIComponent).join("/")}`;
}

function asApplication({ login, tenant, client, secret }: Exclude<ContainerReach, { sas: string }>, outbound: Outbound): ReturnType<typeof asBearer> {
  return asBearer({
    outbound, name: "Microsoft", url: `${new URL(login).origin}/${tenant}/oauth2/v2.0/token`,
    form: () => ({ grant_type: "client_credentials", client_id: client, client_secret: secret, scope: "https://storage.azure.com/.default" }),
    refused: ({ status, code }) => (status === 400 || status === 401 ? new Unavailable(`Microsoft gives the application no token${code === "" ? "" : ` (${code})`}: its secret is wrong or has expired, or the tenant does not know the application.`, { hint: `Check tenant and client, make another secret, and add the collector again. ${CONTAINER_NEEDS}` }) : null),
  });
}
