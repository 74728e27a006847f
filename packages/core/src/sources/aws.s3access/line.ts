import type { JsonRecord } from "../definition.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The line of a request that was copied to JSON under the names of a table (`remoteip`, `bucket`); undefined for anything else. */
export function accessLine(record: JsonRecord): string | undefined {
  if (record["remoteip"] === undefined && record["remote_ip"] === undefined) return undefined;
  const told = new Map(Object.entries(record).map(([key, value]) => [key.toLowerCase().replaceAll("_", ""), value]));
  const text = (...names: readonly string[]): string => {
    for (const name of names) {
      const value = told.get(name);
      if (typeof value === "string" || typeof value === "number") return String(value).replaceAll(/[\r\n]+/g, " ") || "-";
    }
    return "-";
  };
  const word = (...names: readonly string[]): string => text(...names).replaceAll(" ", "%20").replaceAll('"', "%22");
  if (!told.has("remoteip") || !(told.has("bucket") || told.has("bucketname"))) return undefined;
  const names = ["operation", "key", "httpstatus", "errorcode", "bytessent", "objectsize", "totaltime", "turnaroundtime"] as const;
  const [operation, key, status, error, sent, size, total, turn] = names.map((name) => word(name)) as [string, string, string, string, string, string, string, string];
  const head = [word("bucketowner"), word("bucket", "bucketname"), `[${timeOf(text("time", "requestdatetime"))}]`, word("remoteip"), word("requester"), word("requestid"), operation, key].join(" ");
  const tail = [word("versionid"), word("hostid"), word("signatureversion", "sigv"), word("ciphersuite"), word("authenticationtype", "authtype"), word("hostheader", "endpoint"), word("tlsversion"), word("accesspointarn"), word("aclrequired")].join(" ");
  const quoted = (...of: readonly string[]): string => `"${text(...of)}"`;
  return `${head} "${text("requesturi").replaceAll('"', "%22")}" ${[status, error, sent, size, total, turn].join(" ")} "${text("referrer", "referer").replaceAll('"', "%22")}" ${quoted("useragent")} ${tail}`;
}

/** A time as the lines have it. Without a zone it is UTC: whoever copied it read it from there. */
function timeOf(text: string): string {
  if (/^\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4}$/.test(text)) return text;
  const [, year, month, day, clock] = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.\d+)?(?:Z|[+]00:?00)?$/.exec(text) ?? [];
  const name = MONTHS[Number(month) - 1];
  return name === undefined ? "- -" : `${day!}/${name}/${year!}:${clock!} +0000`;
}
