import { audit, authorize } from "../identity/index.ts";
import { Invalid } from "../kernel/index.ts";
import { inTransaction, type DbCtx } from "../store/index.ts";
import { SECURITY, type AlertSetup, type NamedRoute } from "./schemas.ts";
import { allDestinations, allRoutes, setRoute, type DestinationRow } from "./store/destinations.ts";

/** Says where what nobody owns goes, by names of destinations. @throws Forbidden; Invalid for a name that no destination has */
export async function setSecurityRoute(ctx: DbCtx, names: readonly string[]): Promise<void> {
  await change(ctx, SECURITY, names, "settings.write");
}

/** Says where a team's findings go, in place of what the catalog says; without names it is the catalog's again. @throws as `setSecurityRoute` */
export async function setTeamRoute(ctx: DbCtx, team: string, names: readonly string[]): Promise<void> {
  await change(ctx, `team:${team}`, names, "notifications.write");
}

/** Names of the destinations of what nobody owns. @throws Forbidden */
export async function securityRoute(ctx: DbCtx): Promise<string[]> {
  await authorize(ctx, "settings.read", { type: "Route", id: SECURITY });
  const ids = (await allRoutes(ctx.db)).get(SECURITY) ?? [];
  return (await allDestinations(ctx.db)).filter(({ id }) => ids.includes(id)).map(({ name }) => name);
}

/** Where a team's findings go, by names of destinations, and what says so. */
export interface TeamRoute {
  by: "team" | "catalog" | "security";
  destinations: string[];
}

/** Where the findings of each of these teams go at present. @throws Forbidden */
export async function teamRoutes(ctx: DbCtx, teams: readonly string[], namedRoutes: AlertSetup["namedRoutes"]): Promise<Map<string, TeamRoute>> {
  await authorize(ctx, "notifications.read", { type: "Route", id: "*" });
  const routes = await Routes.load(ctx, namedRoutes);
  return new Map(teams.map((team) => [team, routes.told(team)]));
}

async function change(ctx: DbCtx, key: string, names: readonly string[], action: "settings.write" | "notifications.write"): Promise<void> {
  await inTransaction(ctx, async (inside) => {
    await authorize(inside, action, { type: "Route", id: key });
    const known = new Map((await allDestinations(inside.db)).map(({ id, name }) => [name, id]));
    const missing = names.find((name) => !known.has(name));
    if (missing !== undefined) throw new Invalid("There is no destination of this name.", { hint: "Add it first, or choose one of the list." });
    await setRoute(inside.db, key, [...new Set(names.map((name) => known.get(name)!))]);
    await audit(inside, { action, resource: { type: "Route", id: key }, detail: { destinations: [...names] } });
  });
}

/** Where everybody's findings go, as it stands at one moment. */
export class Routes {
  private constructor(
    private readonly destinations: readonly DestinationRow[],
    private readonly routes: ReadonlyMap<string, readonly string[]>,
    private readonly named: (team: string) => readonly NamedRoute[],
  ) {}

  static async load({ db }: DbCtx, named: (team: string) => readonly NamedRoute[]): Promise<Routes> {
    return new Routes(await allDestinations(db), await allRoutes(db), named);
  }

  /** Ids of a team's destinations: its own route, else the catalog's, else those of the security team. */
  of(team: string | null): readonly string[] {
    return this.deciding(team)[1];
  }

  /** As `of`, with names, for people. */
  told(team: string): TeamRoute {
    const [by, ids] = this.deciding(team);
    return { by, destinations: this.destinations.filter(({ id }) => ids.includes(id)).map(({ name }) => name) };
  }

  private deciding(team: string | null): [by: TeamRoute["by"], ids: readonly string[]] {
    if (team === null) return ["security", this.security];
    const own = this.existing(this.routes.get(`team:${team}`) ?? []);
    if (own.length > 0) return ["team", own];
    const named = this.named(team).flatMap(({ kind, name }) => this.destinations.filter((each) => each.kind === kind && each.name.toLowerCase() === name.toLowerCase()).map(({ id }) => id));
    return named.length > 0 ? ["catalog", [...new Set(named)]] : ["security", this.security];
  }

  get security(): readonly string[] {
    return this.existing(this.routes.get(SECURITY) ?? []);
  }

  private existing(ids: readonly string[]): string[] {
    return ids.filter((id) => this.destinations.some((each) => each.id === id));
  }
}
