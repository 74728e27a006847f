import { securityRoute } from "@corduroy/core/alerts";
import { authorize } from "@corduroy/core/identity";
import type { LakeCheck } from "@corduroy/core/ingest";
import { lakeSizes } from "@corduroy/core/lake";
import type { Handlers } from "../http/handler.ts";

/** What does not change while the service runs. */
export interface Facts {
  version: string;
  dataFolder: string;
  database: "embedded" | "external";
  demo: boolean;
  anchored: boolean;
  tls: boolean;
}

/** How the service is set up, and how its lake is. */
export function lakeRoutes(facts: Facts, check: LakeCheck): Pick<Handlers["admin"], "settings" | "checkLake"> {
  return {
    settings: async ({ ctx }) => {
      await authorize(ctx, "settings.read", { type: "Settings", id: "*" });
      const sizes = [...(await lakeSizes(ctx.db)).values()];
      const problem = check.last?.checked.problems[0];
      return {
        ...facts,
        lake: { bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0), parts: sizes.reduce((sum, { parts }) => sum + parts, 0), checkedAt: check.last?.checkedAt.toISOString() ?? null, problem: problem ? `${problem.path}: ${problem.what}` : null },
        securityRoute: await securityRoute(ctx),
      };
    },
    checkLake: async ({ ctx }) => {
      const { parts, bytes, problems, unlisted } = await check.run(ctx);
      return { parts, bytes, problems: [...problems.map(({ path, what, hint }) => `${path}: ${what} ${hint}`), ...(unlisted > 0 ? [`and ${unlisted} more`] : [])] };
    },
  };
}
