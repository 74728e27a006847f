import { asc, eq, inArray, sql } from "drizzle-orm";
import type { Db } from "../../store/index.ts";
import { alertRoutes, destinations } from "../tables.ts";

export type DestinationRow = typeof destinations.$inferSelect;

export function allDestinations(db: Db): Promise<DestinationRow[]> {
  return db.select().from(destinations).orderBy(asc(destinations.name));
}

export async function destinationById(db: Db, id: string): Promise<DestinationRow | undefined> {
  return (await db.select().from(destinations).where(eq(destinations.id, id)))[0];
}

/** These destinations, held until the transaction ends: how much one may be told is counted by one at a time. */
export function lockDestinations(db: Db, ids: readonly string[]): Promise<DestinationRow[]> {
  return ids.length === 0 ? Promise.resolve([]) : db.select().from(destinations).where(inArray(destinations.id, [...ids])).orderBy(asc(destinations.id)).for("update");
}

/** @returns false when there is one of that name */
export async function insertDestination(db: Db, row: DestinationRow): Promise<boolean> {
  return (await db.insert(destinations).values(row).onConflictDoNothing().returning({ id: destinations.id })).length > 0;
}

/** Removes a destination, also from every route. */
export async function deleteDestination(db: Db, id: string): Promise<void> {
  await db.delete(destinations).where(eq(destinations.id, id));
  await db.update(alertRoutes).set({ destinations: sql`array_remove(${alertRoutes.destinations}, ${id})` }).where(sql`${id} = ANY(${alertRoutes.destinations})`);
}

/** How a destination does: nothing goes there before the time. */
export async function setQuiet(db: Db, id: string, set: Pick<DestinationRow, "quietUntil" | "failures">): Promise<void> {
  await db.update(destinations).set(set).where(eq(destinations.id, id));
}

/** Ids of the destinations of each team that has a route. */
export async function allRoutes(db: Db): Promise<Map<string, string[]>> {
  return new Map((await db.select().from(alertRoutes)).map((route) => [route.team, route.destinations]));
}

export async function setRoute(db: Db, team: string, ids: readonly string[]): Promise<void> {
  const row = { team, destinations: [...ids] };
  if (ids.length === 0) await db.delete(alertRoutes).where(eq(alertRoutes.team, team));
  else await db.insert(alertRoutes).values(row).onConflictDoUpdate({ target: alertRoutes.team, set: row });
}
