import type { Jobs } from "../jobs/index.ts";
import type { DbCtx } from "../store/index.ts";
import { deliverDue } from "./deliverDue.ts";
import { routeFindings } from "./routeFindings.ts";
import { DELIVER, ROUTE, type AlertSetup } from "./schemas.ts";

/** Begins to work on what `onFindings` and `onClosed` ask for. @param ctx of the product itself */
export async function startAlerts(ctx: DbCtx, setup: AlertSetup & { jobs: Jobs }): Promise<void> {
  await setup.jobs.work(DELIVER, () => deliverDue(ctx, setup));
  await setup.jobs.work(ROUTE, (data) => routeFindings(ctx, data, setup));
}
