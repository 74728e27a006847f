import type { api, NewDestination, ResponseOf } from "@corduroy/contract";
import type * as z from "zod";
import { addDestination, listDeliveries, listDestinations, nameOf, removeDestination, setSecurityRoute, setTeamRoute, teamRoutes, testDestination, type AlertSetup, type DestinationHealth, type NamedRoute, type Reach } from "@corduroy/core/alerts";
import { accountsOf, type AccountOwner, type Catalog, type Problem, type Team } from "@corduroy/core/catalog";
import { activeByOwner } from "@corduroy/core/findings";
import { authorize } from "@corduroy/core/identity";
import { NotFound } from "@corduroy/core/kernel";
import { inTransaction } from "@corduroy/core/store";
import type { CatalogWatch } from "../catalogWatch.ts";
import type { Handlers } from "../http/handler.ts";

type Names = "catalog" | "destinations" | "addDestination" | "removeDestination" | "testDestination" | "deliveries" | "setSecurityRoute" | "setTeamRoute";

/** Whom to tell, and what was told. */
export function alertRoutes(setup: AlertSetup, watch: CatalogWatch): Pick<Handlers["admin"], Names> {
  return {
    catalog: async ({ ctx }) => {
      await authorize(ctx, "catalog.read", { type: "Catalog", id: "*" });
      const active = await activeByOwner(ctx);
      const teams = watch.catalog?.teams ?? [];
      const services = watch.catalog?.services ?? [];
      const known = ctx.allows(ctx.actor, "notifications.read", { type: "Destination", id: "*" }) ? await listDestinations(ctx) : null;
      const told = known && (await teamRoutes(ctx, teams.map(({ ref }) => nameOf(ref)), setup.namedRoutes));
      return {
        teams: teams.map(({ ref, name }) => ({ name: nameOf(ref), title: name, services: services.filter(({ team }) => team === ref).map((service) => nameOf(service.ref)), route: namedRoutes(watch.catalog, nameOf(ref)).map((route) => route.name), told: told?.get(nameOf(ref)) ?? null, active: active.teams.get(nameOf(ref)) ?? 0 })),
        services: services.map(({ ref, name, team, environment, tier, claims }) => ({
          name: nameOf(ref), title: name, team: team === null ? null : nameOf(team), environment: environment ?? "unknown", tier: tier === null ? null : String(tier), maps: claims.map(({ kind, pattern }) => ({ kind, value: pattern })), active: active.services.get(nameOf(ref)) ?? 0,
        })),
        problems: [...watch.problems, ...(known === null ? [] : teams.flatMap((team) => nowhere(team, known)))].map(({ file, line, column, message, hint }) => ({ file, line, column, message, hint })),
        folder: watch.folder,
      };
    },
    destinations: async ({ ctx }) => ({ items: (await listDestinations(ctx)).map(destinationView) }),
    addDestination: async ({ ctx, body }) => destinationView(await addDestination(ctx, { name: body.name, reach: reachOf(body) }, setup)),
    removeDestination: async ({ ctx, params }) => {
      await removeDestination(ctx, params.id, setup);
      return undefined;
    },
    testDestination: async ({ ctx, params }) => {
      const { outcome, detail } = await testDestination(ctx, params.id, setup);
      return { outcome, detail };
    },
    deliveries: async ({ ctx, query }) => {
      const { items, next } = await listDeliveries(ctx, query);
      return { items: items.map(({ at, ...line }) => ({ ...line, at: at.toISOString() })), next };
    },
    setTeamRoute: async ({ ctx, params: { team }, body: { destinations } }) => {
      await inTransaction(ctx, async (inside) => {
        await setTeamRoute(inside, team, destinations);
        // After the right was asked for. What a team that has left the catalog still has can be taken away.
        if (destinations.length > 0 && !watch.catalog?.teams.some(({ ref }) => nameOf(ref) === team)) throw new NotFound(`There is no team "${team}" in the catalog.`, { hint: "GET /v1/catalog lists the teams by their names." });
      });
      return undefined;
    },
    setSecurityRoute: async ({ ctx, body }) => {
      await setSecurityRoute(ctx, body.destinations);
      return undefined;
    },
  };
}

/** Destinations that the catalog names for a team, by the team's name. */
export function namedRoutes(catalog: Catalog | null, team: string): NamedRoute[] {
  const found = catalog?.teams.find(({ ref }) => nameOf(ref) === team);
  return Object.entries(found?.routes ?? {}).flatMap(([kind, names]) => (names ?? []).map((name) => ({ kind: kind as NamedRoute["kind"], name })));
}

/** Whose each account is, by the team's name. */
export function ownersIn(catalog: Catalog | null): AccountOwner[] {
  return catalog === null ? [] : accountsOf(catalog).map((owner) => ({ ...owner, team: owner.team === null ? null : nameOf(owner.team) }));
}

function nowhere(team: Team, known: readonly DestinationHealth[]): Problem[] {
  const named = Object.entries(team.routes).flatMap(([kind, names]) => names.map((name) => ({ kind, name })));
  return named
    .filter(({ kind, name }) => !known.some((each) => each.kind === kind && each.name.toLowerCase() === name.toLowerCase()))
    .map(({ kind, name }) => ({ ...team.place, message: `There is no destination "${name}" of the kind ${kind}.`, hint: "Add it to the destinations, or correct its name; until then the security team is told." }));
}

function reachOf(body: z.infer<typeof NewDestination>): Parameters<typeof addDestination>[1]["reach"] {
  if (body.kind === "pagerduty") return { type: "pagerduty", routing_key: body.routingKey };
  if (body.kind === "slack") return { type: "slack", url: body.url };
  if (body.kind === "email") return { type: "email", to: [body.to] };
  return { type: "webhook", url: body.url, secret: body.secret } satisfies Reach;
}

function destinationView({ lastDeliveryAt, ...destination }: DestinationHealth): ResponseOf<typeof api.admin.addDestination> {
  return { ...destination, lastDeliveryAt: lastDeliveryAt?.toISOString() ?? null };
}
