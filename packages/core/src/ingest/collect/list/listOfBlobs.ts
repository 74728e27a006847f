/** A blob as the list shows it. */
export interface ListedBlob {
  name: string;
  etag: string;
  bytes: number;
  /** Last change, in milliseconds since the epoch. */
  modified: number;
  archived: boolean;
}

const TAG = /<(\/?)([A-Za-z][\w.-]*)(?:\s[^<>]*?)?(\/?)>/g;
const ENTITIES: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/**
 * Reads the answer of List Blobs (Azure Blob Service REST API): of each blob what is needed, and where the list goes on. A strict little reader for this one document: elements and text, no declarations of its own.
 * @returns null for anything else
 */
export function listOfBlobs(xml: string): { blobs: ListedBlob[]; next: string } | null {
  if (/<!/.test(xml)) return null;
  const blobs: ListedBlob[] = [];
  const path: string[] = [];
  let fields = new Map<string, string>();
  let next: string | null = null;
  let from = 0;
  for (const { 0: tag, 1: closes, 2: element = "", 3: isEmpty, index } of xml.matchAll(TAG)) {
    if (closes === "") {
      path.push(element);
      if (path.join("/") === BLOB) fields = new Map();
      if (element === "Name" && /\sEncoded="true"/i.test(tag)) fields.set("encoded", "true");
    }
    if (closes !== "" || isEmpty !== "") {
      if (path.at(-1) !== element) return null;
      const at = path.join("/");
      const text = closes === "" ? "" : xml.slice(from, index);
      if (at.startsWith(`${BLOB}/`)) fields.set(at.slice(BLOB.length + 1), text);
      if (at === BLOB) {
        const blob = blobOf(fields);
        if (blob === null) return null;
        blobs.push(blob);
      }
      if (at === "EnumerationResults/NextMarker") next = unescaped(text);
      path.pop();
    }
    from = index + tag.length;
  }
  return path.length === 0 && next !== null ? { blobs, next } : null;
}

const BLOB = "EnumerationResults/Blobs/Blob";

function blobOf(fields: ReadonlyMap<string, string>): ListedBlob | null {
  const text = (name: string): string => unescaped(fields.get(name) ?? "");
  const modified = Date.parse(text("Properties/Last-Modified"));
  const bytes = Number(text("Properties/Content-Length"));
  const etag = text("Properties/Etag").replaceAll('"', "");
  const name = fields.has("encoded") ? decoded(text("Name")) : text("Name");
  if (name === "" || etag === "" || Number.isNaN(modified) || !Number.isSafeInteger(bytes)) return null;
  return { name, etag, bytes, modified, archived: text("Properties/AccessTier") === "Archive" };
}

function unescaped(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|([a-z]{2,4}));/g, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
