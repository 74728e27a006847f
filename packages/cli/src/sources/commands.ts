import pc from "picocolors";
import { api, VENDORS, type Source } from "@corduroy/contract";
import { Invalid, NotFound, visible, visibleBlock } from "@corduroy/core/kernel";
import { colorful } from "../color.ts";
import { EXIT } from "../exit.ts";
import { jsonText } from "../json.ts";
import { connect, type Connection } from "../service/connect.ts";
import { listenerLines, quarantineLines, sourceLines } from "./sourceLines.ts";
import { isVendor, momentOf, reachOf, secretOf, storeOf, type Given } from "./vendors.ts";

interface Server {
  server?: string;
}

/** `corduroy sources list`. */
export async function listCommand({ format, ...options }: Server & { format: "table" | "json" }): Promise<void> {
  const { items, quarantined, listeners } = await (await connect(options)).call(api.events.sources);
  const view = { columns: process.stdout.columns ?? 80, colors: pc.createColors(colorful(process.stdout)) };
  process.stdout.write(format === "json" ? jsonText(items) : sourceLines(items, view) + listenerLines(listeners, view));
  if (quarantined > 0) process.stderr.write(`${quarantined === 1 ? "One segment is" : `${quarantined} segments are`} in quarantine: received, and not in the lake. See: corduroy sources quarantine\n`);
}

/** `corduroy sources quarantine`: what workers died of. */
export async function quarantineCommand({ format, ...options }: Server & { format: "table" | "json" }): Promise<void> {
  const { items } = await (await connect(options)).call(api.events.quarantine);
  process.stdout.write(format === "json" ? jsonText(items) : quarantineLines(items));
}

/** `corduroy sources retry`: has the workers try it again. */
export async function retryCommand(id: string, options: Server): Promise<void> {
  await (await connect(options)).call(api.events.retry, { params: { id } });
  process.stdout.write(`${visible(id)} is tried again. Should workers die of it again, it is back in corduroy sources quarantine.\n`);
}

/** `corduroy sources add`, of a source: collects what a bucket announces through a queue, or what lies in it; or of a vendor: asks for its log. */
export async function addCommand(what: string, { server, since, secretFile, ...given }: Server & Given & { since?: string; secretFile?: string }): Promise<void> {
  const service = await connect(server === undefined ? {} : { server });
  const from = since === undefined ? null : momentOf(since).toISOString();
  if (isVendor(what)) {
    const reach = reachOf(what, given, await secretOf(what, secretFile));
    const { source, collector } = await service.call(api.events.addCollector, { body: { reach, since: from } });
    process.stdout.write(`${visible(source)} is collected from ${visible(collector.target)} (${visible(collector.id)}).\nTo see whether it may: corduroy sources test ${visible(collector.id)}\n`);
    return;
  }
  const { sqs, role } = given;
  if (given.bucket !== undefined || given.container !== undefined) {
    if (sqs !== undefined) throw new Invalid("A queue and a store that is listed are two collectors.", { hint: "Add them one after the other: an object that both bring is taken in once." });
    const store = await storeOf(given, secretFile);
    const { id, target } = await service.call(api.events.addStore, { params: { source: what }, body: { store, since: from } });
    process.stdout.write(`${visible(what)} is collected from ${visible(target)} (${visible(id)}).\nTo see whether it may: corduroy sources test ${visible(id)}\n`);
    return;
  }
  if (sqs === undefined) throw new Invalid(`${what} is no vendor that can be asked, and no queue, bucket or container was named.`, { hint: `Vendors: ${VENDORS.join(", ")}. For a source that comes through S3, give --sqs or --bucket; through Azure Storage, --container.` });
  const { collectors } = await service.call(api.events.addQueue, { params: { source: what }, body: { url: sqs, role: role ?? null } });
  const added = collectors.find(({ target }) => target === sqs);
  process.stdout.write(`${visible(what)} is collected through ${visible(sqs)}${added === undefined ? "" : ` (${visible(added.id)})`}.\n`);
}

/** `corduroy sources backfill`. */
export async function backfillCommand(which: string, { since, ...options }: Server & { since: string }): Promise<void> {
  const from = momentOf(since);
  const service = await connect(options);
  const { id, target } = await collector(service, which);
  await service.call(api.events.backfillCollector, { params: { id }, body: { since: from.toISOString() } });
  process.stdout.write(`Fetched from ${from.toISOString()} on, beside what is new: ${visible(target)}. What is there already is not stored again.\n`);
}

/** `corduroy sources test`: says what was seen, and the least that the collector must be allowed to. */
export async function testCommand(which: string, options: Server): Promise<void> {
  const service = await connect(options);
  const { id, target } = await collector(service, which);
  const { works, said, needs } = await service.call(api.events.testCollector, { params: { id } });
  process.stdout.write(`${visible(target)}: ${works ? "it works" : "it does not work"}.\n${visible(said)}\n\nWhat is needed:\n${visibleBlock(needs)}\n`);
  if (!works) process.exitCode = EXIT.findings;
}

/** `corduroy sources pause` and `resume`. */
export async function pauseCommand(which: string, { paused, ...options }: Server & { paused: boolean }): Promise<void> {
  const service = await connect(options);
  const { id, target } = await collector(service, which);
  await service.call(api.events.changeCollector, { params: { id }, body: { paused } });
  process.stdout.write(`${paused ? "Paused" : "Goes on"}: ${visible(target)}\n`);
}

/** `corduroy sources remove`: its events stay. */
export async function removeCommand(which: string, options: Server): Promise<void> {
  const service = await connect(options);
  const { id, target } = await collector(service, which);
  await service.call(api.events.removeCollector, { params: { id } });
  process.stdout.write(`Removed: ${visible(target)}. Its events stay in the lake.\n`);
}

/** The collector meant by its id, or by the source or vendor of which it is the only one. */
async function collector({ call }: Connection, which: string): Promise<Source["collectors"][number]> {
  const { items } = await call(api.events.sources);
  const found = items.flatMap(({ id: source, collectors }) => collectors.filter(({ id, kind }) => [id, kind, source].includes(which)));
  if (found.length > 1) throw new Invalid(`${which} has ${found.length} collectors.`, { hint: `Name one: ${found.map(({ id }) => id).join(" or ")}.` });
  if (found[0] === undefined) throw new NotFound(`There is no collector ${which}.`, { hint: "corduroy sources list shows them." });
  return found[0];
}
