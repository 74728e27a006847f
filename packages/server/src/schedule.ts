import { deliverDue, forgetDeliveries, onClosed, onFindings, onRecorded, type AlertSetup } from "@corduroy/core/alerts";
import { endExpiredSuppressions, expireAcceptances, type Uncovered } from "@corduroy/core/findings";
import { sealAudit, type Sealing } from "@corduroy/core/identity";
import { forgetBatches, forgetReceipts, retentions, watchSources, type Ingest, type LakeCheck, type SourceWatch } from "@corduroy/core/ingest";
import type { Jobs } from "@corduroy/core/jobs";
import { inTransaction, type DbCtx } from "@corduroy/core/store";

/** Something that the service does by itself, at times; of all its processes one does it. */
export interface Task {
  name: string;
  /** Five fields, UTC. */
  cron: string;
  run: (ctx: DbCtx) => Promise<void>;
}

/** A source without a retention of its own keeps its events. */
const FOR_EVER_DAYS = 36_500;
const EVERY_MINUTE = "* * * * *";

/** What the service does by itself. To add something, add a line. */
export function tasksOf({ sealing, alerts, onChanged, upkeep, check, receiver, watch }: { sealing: Sealing; alerts: AlertSetup; onChanged: (findings: readonly string[]) => void; upkeep: Pick<Ingest["upkeep"], "compact" | "removeReplaced" | "retain">; check: Pick<LakeCheck, "run">; receiver: Ingest["receiver"]; watch: Pick<SourceWatch, "isBehind" | "runningSince"> }): readonly Task[] {
  /** What comes back is told of like what is new, in the same transaction. */
  const uncovering = (verb: (ctx: DbCtx) => Promise<Uncovered>) => async (ctx: DbCtx): Promise<void> => {
    const changed = await inTransaction(ctx, async (inside) => {
      const uncovered = await verb(inside);
      await onFindings(inside, uncovered.shown, alerts);
      return uncovered.changed;
    });
    onChanged(changed);
  };
  return [
    { name: "seal-audit", cron: EVERY_MINUTE, run: async (ctx) => void (await sealAudit(ctx, sealing)) },
    { name: "end-suppressions", cron: EVERY_MINUTE, run: uncovering(endExpiredSuppressions) },
    { name: "expire-acceptances", cron: EVERY_MINUTE, run: uncovering(expireAcceptances) },
    { name: "deliver-alerts", cron: EVERY_MINUTE, run: (ctx) => deliverDue(ctx, alerts) },
    { name: "watch-sources", cron: "*/5 * * * *", run: (ctx) => watchSources(ctx, { ...watch, belongs: alerts.belongs, onFindings: (inside, recorded) => onRecorded(inside, recorded, alerts), onClosed: (inside, finding) => onClosed(inside, finding, alerts), onChanged }) },
    { name: "forget-receipts", cron: "7 * * * *", run: forgetReceipts },
    { name: "forget-batches", cron: "37 3 * * *", run: (ctx) => forgetBatches(ctx, { receiver }) },
    { name: "compact", cron: EVERY_MINUTE, run: async (ctx) => void (await upkeep.compact(ctx)) },
    { name: "remove-replaced", cron: EVERY_MINUTE, run: async (ctx) => void (await upkeep.removeReplaced(ctx)) },
    { name: "retain", cron: "17 * * * *", run: async (ctx) => void (await upkeep.retain(ctx, { days: FOR_EVER_DAYS, sources: Object.fromEntries(await retentions(ctx.db)) })) },
    { name: "check-lake", cron: "47 2 * * *", run: async (ctx) => void (await check.run(ctx)) },
    { name: "forget-deliveries", cron: "27 3 * * *", run: forgetDeliveries },
  ];
}

/** Begins to do tasks at their times, each as itself: its name stands in the audit. */
export async function startSchedule(ctx: DbCtx, jobs: Jobs, tasks: readonly Task[]): Promise<void> {
  for (const { name, cron, run } of tasks) await jobs.schedule(name, cron, () => run({ ...ctx, actor: { kind: "system", name } }));
}
