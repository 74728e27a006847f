import type { Readable } from "node:stream";
import type { api, Collector, ResponseOf } from "@corduroy/contract";
import { addBucket, addContainer, addPoller, addQueue, backfillCollector, changeCollector, listCollectors, listDeadLetters, listQuarantine, listSources, OTLP_SOURCE, receiveEvents, receiveLogs, removeCollector, replayDeadLetters, retentions, retryQuarantined, setRetention, sourceMetrics, testCollector, trackOf, type CollectorRow, type CollectorSetup, type Ingest, type ListenerState, type SignedWebhooks, type SourceHealth } from "@corduroy/core/ingest";
import { Forbidden, Invalid, NotFound } from "@corduroy/core/kernel";
import type { DbCtx } from "@corduroy/core/store";
import type { Handlers } from "../http/handler.ts";
import { isProtobuf } from "../http/otlp.ts";

/** What a gibibyte costs a month in object storage, in US dollars: the list price most clouds are near. */
const DOLLARS_PER_GIB = 0.023;

/** Characters of a challenge; Okta's have less than a hundred. */
const CHALLENGE = 1_000;

/** What brings events in, and how it does. */
export function eventRoutes(ingest: () => Ingest, { demo, webhooks, listeners, ...setup }: { demo: boolean; webhooks: SignedWebhooks; listeners: { states(): readonly ListenerState[] } } & Pick<CollectorSetup, "box" | "outbound">): Handlers["events"] {
  const noDemo = (): void => {
    if (demo) throw new Forbidden("This is the demo: it takes no real events.", { hint: "Start the service without --demo." });
  };
  return {
    receive: async ({ ctx, params, query, request, stillMay }) => {
      noDemo();
      const key = request.headers["idempotency-key"];
      return receiveEvents(ctx, ingest().receiver, { source: params.source, key: typeof key === "string" ? key : null, origin: query, body: request.body as Readable, stillIn: () => stillMay("events.write", { type: "Source", id: params.source }) });
    },
    logs: async ({ ctx, request, stillMay }) => {
      noDemo();
      const { rejected } = await receiveLogs(ctx, ingest().receiver, { body: request.body as Readable, isProtobuf: isProtobuf(request), stillIn: () => stillMay("events.write", { type: "Source", id: OTLP_SOURCE }) });
      return rejected === 0 ? {} : { partialSuccess: { rejectedLogRecords: String(rejected), errorMessage: "These are no log records, or hold values that are nested too deep." } };
    },
    webhook: async ({ ctx, params: { id }, request: { headers, body } }) => {
      noDemo();
      if (headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) throw new Invalid("A webhook's content type must be application/json.", { hint: "Choose it in the webhook's settings." });
      await webhooks.receive(ctx, ingest().receiver, { vendor: "github", token: id, proof: one(headers["x-hub-signature-256"]), delivery: one(headers["x-github-delivery"]), body: body as Readable });
      return undefined;
    },
    eventHook: async ({ ctx, params: { id }, request: { headers, body } }) => {
      noDemo();
      await webhooks.receive(ctx, ingest().receiver, { vendor: "okta", token: id, proof: headers.authorization ?? null, delivery: null, body: body as Readable });
      return undefined;
    },
    verifyEventHook: async ({ ctx, params: { id }, request: { headers } }) => {
      noDemo();
      await webhooks.expect(ctx, "okta", id);
      const challenge = one(headers["x-okta-verification-challenge"]);
      if (challenge === null || challenge.length > CHALLENGE) throw new Invalid("There is no challenge in X-Okta-Verification-Challenge.", { hint: "Have Okta verify its event hook: it sends one." });
      return { verification: challenge };
    },
    sources: async ({ ctx }) => ({ items: await sourceViews(ctx, ingest()), quarantined: (await ingest().receiver.spool.quarantined()).length, listeners: [...listeners.states()] }),
    metrics: async ({ ctx, reply }) => {
      const text = await sourceMetrics(ctx, ingest());
      await reply.type("text/plain; version=0.0.4; charset=utf-8").header("Cache-Control", "no-store").send(text);
      return undefined;
    },
    addQueue: async ({ ctx, params: { source }, body }) => {
      noDemo();
      await addQueue(ctx, { source, ...body });
      const view = (await sourceViews(ctx, ingest())).find(({ id }) => id === source);
      if (!view) throw new NotFound(`There is no source ${source}.`);
      return view;
    },
    addStore: async ({ ctx, params: { source }, body: { store, since } }) => {
      noDemo();
      const { address } = store;
      const id = store.kind === "s3" ? await addBucket(ctx, { source, address, role: store.role, since: dateOf(since) }) : await addContainer(ctx, { source, address, reach: store.reach, since: dateOf(since) }, setup.box);
      return collectorView(await rowOf(ctx, id));
    },
    addCollector: async ({ ctx, body: { reach, since } }) => {
      noDemo();
      const row = await rowOf(ctx, await addPoller(ctx, { reach, since: dateOf(since) }, setup.box));
      return { source: row.source, collector: collectorView(row) };
    },
    backfillCollector: async ({ ctx, params: { id }, body }) => {
      await backfillCollector(ctx, { id, since: new Date(body.since) });
      return undefined;
    },
    testCollector: async ({ ctx, params: { id } }) => {
      noDemo();
      return testCollector(ctx, { id }, setup);
    },
    changeCollector: async ({ ctx, params: { id }, body }) => {
      await changeCollector(ctx, { id, ...body });
      return undefined;
    },
    removeCollector: async ({ ctx, params: { id } }) => {
      await removeCollector(ctx, { id });
      return undefined;
    },
    setRetention: async ({ ctx, params, body }) => {
      await setRetention(ctx, params.source, body.days);
      return undefined;
    },
    deadLetters: async ({ ctx, query: { source, ...page } }) => {
      const { items, next } = await listDeadLetters(ctx, ingest().letters, { source, ...page });
      return { items: items.map(({ at, replayedAt, ...letter }) => ({ ...letter, at: at.toISOString(), replayedAt: replayedAt?.toISOString() ?? null })), next };
    },
    replay: async ({ ctx, body }) => ({ receipts: await replayDeadLetters(ctx, ingest(), body) }),
    quarantine: async ({ ctx }) => ({ items: (await listQuarantine(ctx, ingest())).map(({ at, path: _path, ...segment }) => ({ ...segment, at: at.toISOString() })) }),
    retry: async ({ ctx, params: { id } }) => {
      await retryQuarantined(ctx, ingest(), { id });
      return undefined;
    },
  };
}

const one = (header: string | string[] | undefined): string | null => (typeof header === "string" ? header : null);

const dateOf = (time: string | null): Date | null => (time === null ? null : new Date(time));

async function rowOf(ctx: DbCtx, id: string): Promise<CollectorRow> {
  const row = (await listCollectors(ctx)).find((each) => each.id === id);
  if (!row) throw new NotFound("The collector was removed again.");
  return row;
}

type SourceView = ResponseOf<typeof api.events.sources>["items"][number];

async function sourceViews(ctx: DbCtx, { failures }: Pick<Ingest, "failures">): Promise<SourceView[]> {
  const [sources, days, collectors] = await Promise.all([listSources(ctx), retentions(ctx.db), listCollectors(ctx)]);
  return sources.map((source) => ({
    ...sourceView(source, collectors.filter((each) => each.source === source.id), days.get(source.id) ?? null),
    failures: Object.entries(failures.get(source.id) ?? {}).map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count),
  }));
}

function sourceView({ volume, lastEventAt, lastReceivedAt, ...source }: SourceHealth, collectors: readonly CollectorRow[], retentionDays: number | null): Omit<SourceView, "failures"> {
  return {
    ...source, collectors: collectors.map(collectorView), volume: volume.map(([hour, count]) => [hour.toISOString(), count]), lastEventAt: lastEventAt?.toISOString() ?? null, lastReceivedAt: lastReceivedAt?.toISOString() ?? null,
    monthlyCost: (source.bytes / 1024 ** 3) * DOLLARS_PER_GIB, retentionDays,
  };
}

/** What these have read does not end at one time: each partition of a hub is somewhere else, and a list is in the order of names. */
const OF_NO_ONE_TIME: ReadonlySet<Collector["kind"]> = new Set(["azure-event-hubs", "s3", "azure-blob"]);

function collectorView({ id, kind, url, role, paused, problem, lastSuccessAt, waitingUntil, backfill, checkpoint }: CollectorRow): Collector {
  return { id, kind, target: url, role, paused, problem, lastSuccessAt: lastSuccessAt?.toISOString() ?? null, waitingUntil: waitingUntil?.toISOString() ?? null, backfillSince: backfill === null ? null : trackOf(backfill).since, readTo: checkpoint === null || OF_NO_ONE_TIME.has(kind) ? null : trackOf(checkpoint).since };
}
