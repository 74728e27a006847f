import { byteOrder } from "../s3/buckets.ts";
import { document, type Element } from "../s3/xml.ts";
import type { TestClock } from "../sqs/testClock.ts";
import { webServer, type WebAnswer, type WebRequest, type WebServer } from "../web/webServer.ts";

interface Blob {
  name: string;
  body: Buffer;
  etag: string;
  modified: Date;
  type: "AppendBlob" | "BlockBlob";
  tier: "Hot" | "Archive";
}

/** A refusal, by status and code. */
export interface BlobFault {
  status: number;
  code: string;
}

export interface FakeBlobs extends WebServer {
  readonly tenant: string;
  readonly client: string;
  readonly secret: string;
  /** The query of a shared access signature of the container. */
  readonly sas: string;
  /** Whether the application has the role Storage Blob Data Reader, and the signature lets one read and list. */
  mayRead: boolean;
  /** `http://127.0.0.1:port/container` */
  readonly address: string;
  /** Puts a blob in the place of what is there. */
  put(name: string, body: string | Buffer, change?: Partial<Pick<Blob, "modified" | "type" | "tier">>): void;
  /** Adds to an append blob, which is made if it is not there. */
  append(name: string, more: string | Buffer): void;
  remove(name: string): void;
  /** Takes all access tokens for expired. */
  expireTokens(): void;
  /** What is refused from now on; without an argument, nothing. */
  refuse(fault?: (request: WebRequest) => BlobFault | undefined): void;
}

const LIFE_SECONDS = 3_599;
const MOST = 5_000;
/** What XML 1.0 has no way to write. */
const NO_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/**
 * Starts a storage account's Blob service with one container, and Microsoft's token endpoint (client credentials), on a free port of the loopback interface: List Blobs with prefix, marker and maxresults, Get Blob with
 * `x-ms-range` and `If-Match`, as an application or with a shared access signature; errors have their code in `x-ms-error-code`. The signature is compared and not computed.
 */
export async function fakeBlobs({ clock, container = "insights-activity-logs" }: { clock: TestClock; container?: string }): Promise<FakeBlobs> {
  const blobs = new Map<string, Blob>();
  let tokens = new Map<string, number>();
  let fault: ((request: WebRequest) => BlobFault | undefined) | undefined;
  let made = 0;

  const answer = (request: WebRequest): WebAnswer => {
    const { method, path, headers, body } = request;
    const url = new URL(path, server.origin);
    if (method === "POST" && url.pathname === `/${server.tenant}/oauth2/v2.0/token`) return token(new URLSearchParams(body));
    const wrong = fault?.(request) ?? unauthorized(headers, url) ?? (server.mayRead ? undefined : { status: 403, code: "AuthorizationPermissionMismatch" });
    if (wrong) return refusal(wrong);
    const [, name = ""] = new RegExp(`^/${container}(?:/(.*))?$`, "s").exec(url.pathname) ?? [];
    if (method !== "GET" || !url.pathname.startsWith(`/${container}`)) return refusal({ status: 404, code: "ContainerNotFound" });
    if (name !== "") return read(decodeURIComponent(name), headers);
    return url.searchParams.get("comp") === "list" && url.searchParams.get("restype") === "container" ? list(url.searchParams) : refusal({ status: 400, code: "InvalidQueryParameterValue" });
  };

  function token(form: URLSearchParams): WebAnswer {
    if (form.get("grant_type") !== "client_credentials" || form.get("scope") !== "https://storage.azure.com/.default") return json(400, { error: "invalid_scope" });
    if (form.get("client_id") !== server.client || form.get("client_secret") !== server.secret) return json(401, { error: "invalid_client" });
    const given = `fake-access-token-${++made}`;
    tokens.set(given, clock.now().getTime() + LIFE_SECONDS * 1_000);
    return json(200, { token_type: "Bearer", expires_in: LIFE_SECONDS, access_token: given });
  }

  function unauthorized(headers: WebRequest["headers"], url: URL): BlobFault | undefined {
    if (url.searchParams.has("sig")) return url.searchParams.get("sig") === new URLSearchParams(server.sas).get("sig") ? undefined : { status: 403, code: "AuthenticationFailed" };
    if (headers.authorization === undefined) return { status: 401, code: "NoAuthenticationInformation" };
    if (String(headers["x-ms-version"] ?? "") < "2017-11-09") return { status: 403, code: "AuthenticationFailed" };
    const until = tokens.get(headers.authorization.replace(/^Bearer /, ""));
    return until === undefined || until <= clock.now().getTime() ? { status: 401, code: "InvalidAuthenticationInfo" } : undefined;
  }

  function list(query: URLSearchParams): WebAnswer {
    const marker = query.get("marker");
    const from = marker === null ? "" : Buffer.from(marker, "base64url").toString("utf8");
    if (marker !== null && !from.startsWith("next:")) return refusal({ status: 400, code: "OutOfRangeInput" });
    const first = byteOrder(from.slice("next:".length));
    const found = [...blobs.values()].filter(({ name }) => name.startsWith(query.get("prefix") ?? "") && byteOrder(name) >= first).sort((a, b) => (byteOrder(a.name) < byteOrder(b.name) ? -1 : 1));
    const end = Math.min(Number(query.get("maxresults") ?? MOST), MOST);
    const next = found[end] === undefined ? "" : Buffer.from(`next:${found[end].name}`, "utf8").toString("base64url");
    const entries = found.slice(0, end).map((blob): Element => ["Blob", entry(blob)]);
    // The name of an element has no attributes in `document`.
    const body = document(["EnumerationResults", [["Blobs", entries], ["NextMarker", next]]]).replaceAll("<EncodedName>", '<Name Encoded="true">').replaceAll("</EncodedName>", "</Name>");
    return { status: 200, headers: { "content-type": "application/xml" }, body };
  }

  const server: FakeBlobs = {
    ...(await webServer(answer)),
    tenant: "corp.example",
    client: "1b4e28ba-2fa1-4d2e-883f-0016d3cca427",
    secret: "fake~client.secret-of-the-application",
    sas: "sv=2021-12-02&sr=c&sp=rl&se=2030-01-01T00%3A00%3A00Z&sig=ZmFrZS1zaWduYXR1cmU%3D",
    mayRead: true,
    get address() {
      return `${server.origin}/${container}`;
    },
    put: (name, body, { modified = clock.now(), type = "BlockBlob", tier = "Hot" } = {}) => void blobs.set(name, { name, body: Buffer.from(body), etag: `0x8D${String(++made).padStart(13, "0")}`, modified, type, tier }),
    append: (name, more) => {
      const before = blobs.get(name)?.body ?? Buffer.alloc(0);
      server.put(name, Buffer.concat([before, Buffer.from(more)]), { type: "AppendBlob" });
    },
    remove: (name) => void blobs.delete(name),
    expireTokens: () => {
      tokens = new Map();
    },
    refuse: (next) => {
      fault = next;
    },
  };

  function read(name: string, headers: WebRequest["headers"]): WebAnswer {
    const blob = blobs.get(name);
    if (blob === undefined) return refusal({ status: 404, code: "BlobNotFound" });
    if (blob.tier === "Archive") return refusal({ status: 409, code: "BlobArchived" });
    if (headers["if-match"] !== undefined && headers["if-match"].replaceAll('"', "") !== blob.etag) return refusal({ status: 412, code: "ConditionNotMet" });
    const given = { "content-type": "application/octet-stream", etag: `"${blob.etag}"`, "last-modified": blob.modified.toUTCString(), "x-ms-blob-type": blob.type };
    const asked = String(headers["x-ms-range"] ?? headers.range ?? "");
    const [, from = "", to = ""] = /^bytes=(\d+)-(\d*)$/.exec(asked) ?? [];
    if (from === "") return { status: 200, headers: given, body: blob.body };
    const last = Math.min(to === "" ? Infinity : Number(to), blob.body.length - 1);
    if (Number(from) > last) return refusal({ status: 416, code: "InvalidRange" });
    return { status: 206, headers: { ...given, "content-range": `bytes ${from}-${last}/${blob.body.length}` }, body: blob.body.subarray(Number(from), last + 1) };
  }
  return server;
}

function entry({ name, body, etag, modified, type, tier }: Blob): Element[] {
  const called: Element = NO_XML.test(name) ? ["EncodedName", encodeURIComponent(name)] : ["Name", name];
  return [called, ["Properties", [["Creation-Time", modified.toUTCString()], ["Last-Modified", modified.toUTCString()], ["Etag", etag], ["Content-Length", String(body.length)], ["Content-Type", "application/octet-stream"], ["BlobType", type], ["AccessTier", tier], ["LeaseStatus", "unlocked"]]]];
}

function refusal({ status, code }: BlobFault): WebAnswer {
  return { status, headers: { "content-type": "application/xml", "x-ms-error-code": code }, body: document(["Error", [["Code", code], ["Message", `The fake says ${code}`]]]) };
}

function json(status: number, value: unknown): WebAnswer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}
