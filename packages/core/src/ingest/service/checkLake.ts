import { audit, authorize } from "../../identity/index.ts";
import { checkParts, type Checked, type ServiceLake } from "../../lake/index.ts";
import type { DbCtx } from "../../store/index.ts";

/** How the last look at the lake ended. */
export interface LakeState {
  checkedAt: Date;
  checked: Checked;
}

/** Compares the lake with its manifest, part by part; for people and for a schedule. One look at a time: who asks meanwhile gets the same. */
export class LakeCheck {
  /** The newest result since the service was started; null before the first. */
  last: LakeState | null = null;
  private running: Promise<Checked> | null = null;

  constructor(
    private readonly lake: ServiceLake,
    /** Told in a sentence when something is wrong. */
    private readonly onTrouble: (text: string) => void,
    /** Ends a look under way, which may take hours. */
    private readonly signal: AbortSignal,
  ) {}

  /** @throws Forbidden; the signal's reason */
  async run(ctx: DbCtx): Promise<Checked> {
    const resource = { type: "Lake", id: "parts" };
    await authorize(ctx, "lake.maintain", resource);
    this.running ??= this.look(ctx).finally(() => (this.running = null));
    const checked = await this.running;
    await audit(ctx, { action: "lake.maintain", resource, detail: { verb: "check", parts: checked.parts, problems: checked.problems.length + checked.unlisted } });
    return checked;
  }

  private async look(ctx: DbCtx): Promise<Checked> {
    const checked = await checkParts(ctx, this.lake, () => undefined, this.signal);
    this.last = { checkedAt: ctx.now(), checked };
    for (const { path, what, hint } of checked.problems.slice(0, 10)) this.onTrouble(`${path}: ${what} ${hint}`);
    return checked;
  }
}
