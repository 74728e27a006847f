import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { authorize } from "../../identity/index.ts";
import { Forbidden, Invalid } from "../../kernel/index.ts";
import { parseRecord, recognise } from "../../sources/index.ts";
import type { DbCtx } from "../../store/index.ts";
import { TooLarge, type Part, type Receiver } from "../receipt/receive.ts";
import { flatten, type Flattened } from "./flatten.ts";
import { LOGS_REQUEST } from "./logsRequest.ts";
import { decodeMessage } from "./message.ts";

/** What a sender of OTLP hands in. */
export interface SentLogs {
  body: Readable;
  isProtobuf: boolean;
  /** Whether the sender's token still holds, now that the body is here. */
  stillIn: () => Promise<boolean>;
}

export const OTLP_SOURCE = "otlp.logs";

const UNPACKED_BYTES = 64 * 1024 * 1024;
/** Records of a source are kept in bodies of about this size. */
const PART_BYTES = 4 * 1024 * 1024;

const unpack = promisify(gunzip);

/**
 * Takes a request of OpenTelemetry's protocol in, by a token for `otlp.logs`. A record that carries an event of another source becomes one of that source where the token is for
 * that, too. All of it is on the disk when this resolves; the same request sent again adds nothing.
 * @returns how many records were none
 * @throws Forbidden, Invalid, TooLarge; whatever `Receiver.receiveParts` throws
 */
export async function receiveLogs(ctx: DbCtx, receiver: Receiver, { body, isProtobuf, stillIn }: SentLogs): Promise<{ rejected: number }> {
  await authorize(ctx, "events.write", { type: "Source", id: OTLP_SOURCE });
  if (ctx.actor.kind === "system") throw new Forbidden("Events come from somebody.");
  let rejected = 0;
  await receiver.receiveParts({ sender: ctx.actor.id, body, stillIn }, async (bytes) => {
    const plain = await unpacked(bytes);
    const flattened = flatten(isProtobuf ? decodeMessage(LOGS_REQUEST, plain) : parsed(plain));
    rejected = flattened.rejected;
    return partsOf(flattened, (source) => ctx.allows(ctx.actor, "events.write", { type: "Source", id: source }));
  });
  return { rejected };
}

/** Gzip is told from its first bytes, which begin neither JSON nor protobuf of this kind. */
async function unpacked(bytes: Buffer): Promise<Buffer> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return await unpack(bytes, { maxOutputLength: UNPACKED_BYTES });
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE") throw new TooLarge(`Unpacked, the body has more than ${UNPACKED_BYTES / 1024 ** 2} MiB.`, { hint: "Send fewer records in one request." });
    throw new Invalid("The body is damaged gzip.", { cause });
  }
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8")) as unknown;
  } catch (cause) {
    throw new Invalid("The body is no JSON.", { hint: "Of protobuf the Content-Type is application/x-protobuf.", cause });
  }
}

/** The records as bodies, each of one source. Each has its content as its key, so that a request sent again adds nothing. */
function partsOf({ records, timed }: Flattened, allowed: (source: string) => boolean): Part[] {
  const open = new Map<string, { lines: string[]; size: number }>();
  const parts: Part[] = [];
  const close = (source: string, lines: readonly string[]): void => {
    const body = Buffer.from(`${lines.join("\n")}\n`);
    parts.push({ source, key: timed ? `otlp ${parts.length} ${createHash("sha256").update(body).digest("hex")}` : null, body });
  };
  for (const record of records) {
    const own = recognise(parseRecord(record)!).source.id;
    const source = own !== OTLP_SOURCE && allowed(own) ? own : OTLP_SOURCE;
    const at = open.get(source) ?? { lines: [], size: 0 };
    open.set(source, at);
    at.lines.push(record);
    at.size += record.length;
    if (at.size < PART_BYTES) continue;
    close(source, at.lines);
    open.delete(source);
  }
  for (const [source, { lines }] of open) close(source, lines);
  return parts;
}
