import { FindingFilter } from "@corduroy/contract";
import { onClosed, onFindings, onHidden, type AlertSetup } from "@corduroy/core/alerts";
import { changeFinding, closeFinding, commentOn, countFindings, endSuppression, getFinding, listFindings, listSuppressions, listViews, removeView, reopenFinding, saveView, suppress, whatNeedsDecision } from "@corduroy/core/findings";
import { inTransaction, type DbCtx } from "@corduroy/core/store";
import type { Handlers } from "../http/handler.ts";
import type { Live } from "../live.ts";
import { detail, nowItems, summaries, suppressionView } from "./views.ts";

async function whole(ctx: DbCtx, id: string): ReturnType<typeof detail> {
  return detail(ctx.db, await getFinding(ctx, id));
}

/** What is done with findings. `live` tells browsers of changes; what follows for alerts happens in the transaction of the change. */
export function findingRoutes(live: Live, quiet: (ctx: DbCtx) => Promise<boolean>, alerts: Pick<AlertSetup, "jobs">): Handlers["findings"] {
  const changed = async (ctx: DbCtx, id: string) => {
    live.changed([id]);
    return whole(ctx, id);
  };
  return {
    now: async ({ ctx }) => {
      const { items, counts } = await whatNeedsDecision(ctx);
      return { items: await nowItems(ctx.db, items), counts, quiet: await quiet(ctx) };
    },
    list: async ({ ctx, query: { cursor, limit, ...filter } }) => {
      const { items, next } = await listFindings(ctx, filter, { cursor, limit });
      return { items: await summaries(ctx.db, items), next };
    },
    counts: async ({ ctx, query }) => countFindings(ctx, query),
    get: async ({ ctx, params }) => whole(ctx, params.id),
    change: async ({ ctx, params, body: { dueAt, ...change } }) => {
      await changeFinding(ctx, params.id, { ...change, ...(dueAt !== undefined && { dueAt: dueAt === null ? null : new Date(dueAt) }) });
      return changed(ctx, params.id);
    },
    comment: async ({ ctx, params, body }) => {
      await commentOn(ctx, params.id, body.text);
      return changed(ctx, params.id);
    },
    close: async ({ ctx, params, body: { until, ...closing } }) => {
      await inTransaction(ctx, async (inside) => {
        await closeFinding(inside, params.id, { ...closing, ...(until !== undefined && { until: new Date(until) }) });
        await onClosed(inside, params.id, alerts);
      });
      return changed(ctx, params.id);
    },
    reopen: async ({ ctx, params, body }) => {
      await inTransaction(ctx, async (inside) => onFindings(inside, [await reopenFinding(inside, params.id, body)], alerts));
      return changed(ctx, params.id);
    },
    live: async (call) => live.follow(call),
    suppressions: async ({ ctx, query }) => ({ items: (await listSuppressions(ctx, query.which)).map(suppressionView) }),
    suppress: async ({ ctx, body }) => {
      const { suppression, hidden } = await inTransaction(ctx, async (inside) => {
        const made = await suppress(inside, { ...body, expiresAt: new Date(body.expiresAt) });
        await onHidden(inside, made.hidden, alerts);
        return made;
      });
      live.changed(hidden);
      return suppressionView(suppression);
    },
    endSuppression: async ({ ctx, params }) => {
      const ended = await inTransaction(ctx, async (inside) => {
        const uncovered = await endSuppression(inside, params.id);
        await onFindings(inside, uncovered.shown, alerts);
        return uncovered;
      });
      live.changed(ended.changed);
      return undefined;
    },
    views: async ({ ctx }) => ({ items: (await listViews(ctx)).map((view) => ({ ...view, filter: FindingFilter.parse(view.filter) })) }),
    saveView: async ({ ctx, body }) => ({ ...(await saveView(ctx, body)), filter: body.filter }),
    removeView: async ({ ctx, params }) => {
      await removeView(ctx, params.id);
      return undefined;
    },
  };
}
