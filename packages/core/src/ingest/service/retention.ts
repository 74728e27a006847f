import { audit, authorize } from "../../identity/index.ts";
import { NotFound } from "../../kernel/index.ts";
import { sourceById } from "../../sources/index.ts";
import { inTransaction, type Db, type DbCtx } from "../../store/index.ts";
import { sourceSettings } from "../tables.ts";

/** How many days the events of each source are kept; a source that is not named keeps them for ever. */
export async function retentions(db: Db): Promise<Map<string, number>> {
  const rows = await db.select().from(sourceSettings);
  return new Map(rows.flatMap(({ source, retentionDays }) => (retentionDays === null ? [] : [[source, retentionDays]])));
}

/** Keeps a source's events for so many days from now on; null for ever. @throws Forbidden; NotFound for a source that does not exist */
export async function setRetention(ctx: DbCtx, source: string, days: number | null): Promise<void> {
  await inTransaction(ctx, async (inside) => {
    await authorize(inside, "settings.write", { type: "Source", id: source });
    if (!sourceById(source)) throw new NotFound(`There is no source ${source}.`);
    await inside.db.insert(sourceSettings).values({ source, retentionDays: days }).onConflictDoUpdate({ target: sourceSettings.source, set: { retentionDays: days } });
    await audit(inside, { action: "settings.write", resource: { type: "Source", id: source }, detail: { retentionDays: days } });
  });
}
