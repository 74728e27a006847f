import { randomUUID } from "node:crypto";
import { findingsById, noteAlerts, type FindingRow } from "../findings/index.ts";
import { inTransaction, type DbCtx } from "../store/index.ts";
import { findingMessage } from "./messages.ts";
import { isWorthAnAlert } from "./onFindings.ts";
import { raiseGaps } from "./ownershipGap.ts";
import { Routes } from "./routes.ts";
import { DELIVER, openings, type AlertSetup } from "./schemas.ts";
import { insertDeliveries, knownOpenings, messagesSince, openDigest, updateDelivery, type DeliveryRow } from "./store/deliveries.ts";
import { lockDestinations, type DestinationRow } from "./store/destinations.ts";

/** So many messages about single findings a destination gets in WINDOW_MS; the rest goes into one digest. */
const MOST_MESSAGES = 10;
const WINDOW_MS = 10 * 60_000;

/**
 * Decides who is told of findings, and writes down every message before the first attempt to send it: each opening of a finding reaches each
 * destination once, however often this runs. The most urgent findings get the messages, the rest the digest.
 * @param input `Openings`, as a job carries it
 */
export async function routeFindings(ctx: DbCtx, input: unknown, setup: AlertSetup): Promise<void> {
  const { findings, to } = openings.parse(input);
  const changed = await inTransaction(ctx, async (inside) => {
    const openedAt = new Map(findings.map((each) => [each.id, each.openedAt.getTime()]));
    // What was closed, hidden or opened once more since then is not what the job is about.
    const rows = (await findingsById(inside.db, [...openedAt.keys()])).filter((row) => isWorthAnAlert(row) && row.openedAt.getTime() === openedAt.get(row.id));
    const routes = await Routes.load(inside, setup.namedRoutes);
    const told = new Map<string, FindingRow[]>();
    const destinationsOf = (row: FindingRow): readonly string[] => (to === "team" ? routes.of(row.team) : routes.security);
    for (const row of rows) for (const id of destinationsOf(row)) told.set(id, [...(told.get(id) ?? []), row]);
    const untold = rows.filter((row) => destinationsOf(row).length === 0);
    await noteAlerts(inside, untold.map(({ id, openedAt: opening }) => ({ finding: id, text: "Nobody to tell: it has no destination, and the security route is empty", detail: { outcome: "nobody", openedAt: opening.toISOString(), to } })));
    for (const destination of await lockDestinations(inside.db, [...told.keys()])) await line(inside, destination, told.get(destination.id)!, setup);
    if (told.size > 0) await setup.jobs.send(inside, DELIVER, {});
    return [...untold.map(({ id }) => id), ...(to === "team" ? await raiseGaps(inside, rows, setup) : [])];
  });
  setup.onChanged(changed);
}

/** Puts findings in the line of a destination. */
async function line(ctx: DbCtx, { id, name }: DestinationRow, rows: readonly FindingRow[], setup: AlertSetup): Promise<void> {
  const now = ctx.now();
  const known = new Set((await knownOpenings(ctx.db, id, rows.map((row) => row.id))).map(({ finding, openedAt }) => `${finding} ${openedAt?.getTime()}`));
  const fresh = rows.filter((row) => !known.has(`${row.id} ${row.openedAt.getTime()}`));
  const room = Math.max(0, MOST_MESSAGES - (await messagesSince(ctx.db, id, new Date(now.getTime() - WINDOW_MS))));
  const blank = { at: now, destination: id, destinationName: name, attempts: 0, detail: "", triedAt: null, claimedUntil: null, digest: null };
  const lines = fresh.map((row, index): DeliveryRow => {
    const fits = index < room;
    const message = findingMessage(row, now, setup);
    return { ...blank, id: randomUUID(), kind: "finding", finding: row.id, openedAt: row.openedAt, title: row.title, level: row.level, outcome: fits ? "waiting" : "in digest", nextAt: fits ? now : null, message };
  });
  const overflow = lines.filter(({ outcome }) => outcome === "in digest");
  if (overflow.length > 0) {
    const open = await openDigest(ctx.db, id, now);
    const digest = open?.id ?? randomUUID();
    for (const each of overflow) each.digest = digest;
    // Its content is made when it is sent; until then it says how it began.
    const message = { ...overflow[0]!.message, id: `digest/${digest}`, kind: "digest" as const };
    // Whoever has it from an attempt whose end is unclear drops what comes under the same name: with more in it, it is another message.
    if (open !== undefined && open.attempts > 0) await updateDelivery(ctx.db, open.id, null, { message: { ...open.message, id: `digest/${digest}-${open.attempts}` } });
    if (open === undefined) lines.push({ ...blank, id: digest, kind: "digest", finding: null, openedAt: null, title: "Digest", level: overflow[0]!.level, outcome: "waiting", nextAt: new Date(now.getTime() + WINDOW_MS), message });
  }
  await insertDeliveries(ctx.db, lines);
}
