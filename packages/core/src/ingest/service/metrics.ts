import { max, sql, type SQL } from "drizzle-orm";
import { authorize } from "../../identity/index.ts";
import type { Db, DbCtx } from "../../store/index.ts";
import { allCollectors } from "../collect/store.ts";
import { silences } from "../silence/silences.ts";
import { intakeHours } from "../tables.ts";
import type { Ingest } from "./service.ts";

/** One value, and what it is of. */
type Sample = [labels: Readonly<Record<string, string>>, value: number];

interface Metric {
  name: string;
  kind: "counter" | "gauge";
  help: string;
  samples: Sample[];
}

/**
 * What brings events in, for Prometheus (its text format 0.0.4): volume, lag, parse failures by reason and silence of each source, trouble of each collector, and what waits. The values of labels are
 * ours or few: ids of sources and collectors, outcomes, kinds of reasons.
 * @throws Forbidden
 */
export async function sourceMetrics(ctx: DbCtx, ingest: Pick<Ingest, "failures" | "backlog" | "receiver">): Promise<string> {
  await authorize(ctx, "sources.read", { type: "Source", id: "*" });
  const totals = await totalsOf(ctx.db);
  const silent = await silences(ctx.db, ctx.now());
  const collectors = await allCollectors(ctx.db);
  const each = (value: (of: (typeof totals)[number]) => number | null): Sample[] => totals.flatMap((of): Sample[] => sampleOf({ source: of.source }, value(of)));
  return textOf([
    { name: "corduroy_source_records_total", kind: "counter", help: "Records taken in, by what became of them.", samples: totals.flatMap(({ source, stored, duplicate, dead }) => Object.entries({ stored, duplicate, dead }).map(([outcome, count]): Sample => [{ source, outcome }, count])) },
    { name: "corduroy_source_bytes_total", kind: "counter", help: "Bytes of these records.", samples: each(({ bytes }) => bytes) },
    { name: "corduroy_source_lag_seconds", kind: "gauge", help: "From receipt to the lake, of the last batch.", samples: each(({ lagMs }) => lagMs / 1000) },
    { name: "corduroy_source_last_received_timestamp_seconds", kind: "gauge", help: "When events came last.", samples: each(({ lastReceivedAt }) => seconds(lastReceivedAt)) },
    { name: "corduroy_source_last_event_timestamp_seconds", kind: "gauge", help: "The latest time of an event.", samples: each(({ lastEventAt }) => seconds(lastEventAt)) },
    { name: "corduroy_source_quiet", kind: "gauge", help: "1 while a source is silent for longer than its rhythm explains.", samples: [...silent].map(([source, { state }]): Sample => [{ source }, state === "quiet" ? 1 : 0]) },
    { name: "corduroy_parse_failures_total", kind: "counter", help: "Records that could not be read since the service was started, by reason.", samples: [...ingest.failures].flatMap(([source, counts]) => Object.entries(counts).map(([reason, count]): Sample => [{ source, reason }, count])) },
    { name: "corduroy_collector_trouble", kind: "gauge", help: "1 while a collector that is not paused is in trouble.", samples: collectors.map(({ id, source, paused, problem }): Sample => [{ source, collector: id }, !paused && problem !== null ? 1 : 0]) },
    { name: "corduroy_collector_last_success_timestamp_seconds", kind: "gauge", help: "When a collector last took in all that there was.", samples: collectors.flatMap(({ id, source, lastSuccessAt }) => sampleOf({ source, collector: id }, seconds(lastSuccessAt))) },
    { name: "corduroy_waiting_tasks", kind: "gauge", help: "Segments and objects that are not in the lake yet.", samples: [[{}, ingest.backlog()]] },
    { name: "corduroy_waiting_bytes", kind: "gauge", help: "Bytes that were received and are not in the lake yet.", samples: [[{}, ingest.receiver.spool.backlog]] },
    { name: "corduroy_quarantined_segments", kind: "gauge", help: "Segments that were put aside since workers died of them.", samples: [[{}, (await ingest.receiver.spool.quarantined()).length]] },
  ]);
}

function sampleOf(labels: Sample[0], value: number | null): Sample[] {
  return value === null ? [] : [[labels, value]];
}

function seconds(time: Date | null): number | null {
  return time === null ? null : time.getTime() / 1000;
}

function total(name: "stored" | "duplicate" | "dead" | "bytes"): SQL<number> {
  return sql<number>`sum(${intakeHours[name]})`.mapWith(Number);
}

async function totalsOf(db: Db) {
  return db
    .select({
      source: intakeHours.source, stored: total("stored"), duplicate: total("duplicate"), dead: total("dead"), bytes: total("bytes"), lastEventAt: max(intakeHours.lastEventAt), lastReceivedAt: max(intakeHours.lastReceivedAt),
      lagMs: sql<number>`(array_agg(${intakeHours.lagMs} ORDER BY ${intakeHours.hour} DESC))[1]`.mapWith(Number),
    })
    .from(intakeHours)
    .groupBy(intakeHours.source)
    .orderBy(intakeHours.source);
}

function textOf(metrics: readonly Metric[]): string {
  return metrics.flatMap(({ name, kind, help, samples }) => [`# HELP ${name} ${help}`, `# TYPE ${name} ${kind}`, ...samples.map(([labels, value]) => `${name}${labelsText(labels)} ${value}`)]).join("\n") + "\n";
}

function labelsText(labels: Sample[0]): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}
