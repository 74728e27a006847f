import { randomUUID } from "node:crypto";
import * as z from "zod";
import { audit, authorize } from "../../identity/index.ts";
import { Conflict, Invalid, NotFound } from "../../kernel/index.ts";
import { sourceById } from "../../sources/index.ts";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import { roleName } from "./awsIdentity.ts";
import { parsed } from "./parsed.ts";
import { allCollectors, countCollectors, deleteCollector, insertCollector, updateCollector, type CollectorRow } from "./store.ts";

/** More than a company has; each costs a connection that is always open, or a page in memory. */
export const MOST_COLLECTORS = 20;

/** A role to act as; null for the identity of the environment. */

const queueShape = z.strictObject({
  source: z.string().max(100),
  url: z.url({ protocol: /^https?$/ }).max(500),
  role: roleName.nullable(),
});
const idShape = z.string().min(1).max(100);

/**
 * Collects the objects that a queue's messages name, from the next moment on.
 * @returns the collector's id
 * @throws Forbidden, Invalid; NotFound for a source that does not exist; Conflict for a queue that is collected already
 */
export async function addQueue(ctx: DbCtx, input: z.input<typeof queueShape>): Promise<string> {
  const { source, url, role } = parsed(queueShape, input);
  const { username, password, search, hash, pathname } = new URL(url);
  if (username + password + search + hash !== "" || !/^\/\d{12}\/[\w-]{1,80}$/.test(pathname)) throw new Invalid("This is not the address of a queue.", { hint: "It looks like https://sqs.eu-west-1.amazonaws.com/111122223333/trail; fifo queues take no notifications of S3." });
  return inTransaction(ctx, async (inside) => {
    await authorize(inside, "sources.write", { type: "Source", id: source });
    if (!sourceById(source)) throw new NotFound(`There is no source ${source}.`);
    if ((await countCollectors(inside.db)) >= MOST_COLLECTORS) throw new Conflict(`There are ${MOST_COLLECTORS} collectors already.`, { hint: "Let the notifications of several buckets go into one queue." });
    const id = randomUUID();
    if (!(await insertCollector(inside.db, { id, source, kind: "sqs", url, role, createdAt: inside.now() }))) throw new Conflict("This queue is collected already.");
    await audit(inside, { action: "sources.write", resource: { type: "Collector", id }, detail: { verb: "add", source, url, role } });
    return id;
  });
}

/** Pauses a collector, or lets it go on. @throws Forbidden, NotFound */
export async function changeCollector(ctx: DbCtx, input: { id: string; paused: boolean }): Promise<void> {
  const { id, paused } = parsed(z.strictObject({ id: idShape, paused: z.boolean() }), input);
  await inTransaction(ctx, async (inside) => {
    await authorize(inside, "sources.write", { type: "Collector", id });
    if (!(await updateCollector(inside.db, id, { paused }))) throw new NotFound("There is no such collector.");
    await audit(inside, { action: "sources.write", resource: { type: "Collector", id }, detail: { verb: paused ? "pause" : "go on" } });
  });
}

/** Removes a collector; what it has brought stays, and so does what waits in the queue. @throws Forbidden, NotFound */
export async function removeCollector(ctx: DbCtx, input: { id: string }): Promise<void> {
  const { id } = parsed(z.strictObject({ id: idShape }), input);
  await inTransaction(ctx, async (inside) => {
    await authorize(inside, "sources.write", { type: "Collector", id });
    const gone = await deleteCollector(inside.db, id);
    if (!gone) throw new NotFound("There is no such collector.");
    await audit(inside, { action: "sources.write", resource: { type: "Collector", id }, detail: { verb: "remove", source: gone.source, url: gone.url } });
  });
}

/** All collectors, in the order in which they were added. @throws Forbidden */
export async function listCollectors(ctx: DbCtx): Promise<CollectorRow[]> {
  await authorize(ctx, "sources.read", { type: "Collector", id: "*" });
  return allCollectors(ctx.db);
}
