import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect, stripSearchParams, type SearchSchemaInput } from "@tanstack/react-router";
import type { FindingFilter } from "@corduroy/contract";
import { FindingPage } from "../findings/FindingPage.tsx";
import { FindingsPage } from "../findings/FindingsPage.tsx";
import { filterFromUrl, NO_FILTER } from "../findings/filter.ts";
import { NowPage } from "../now/NowPage.tsx";
import { Bones, Trouble } from "../parts/States.tsx";
import { parseSearch, safeReturn, stringifySearch } from "./address.ts";
import { NoSuchPage } from "./NoSuchPage.tsx";
import { Shell } from "./Shell.tsx";

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value.slice(0, 500) : undefined);

const root = createRootRoute();
const app = createRoute({ getParentRoute: () => root, id: "app", component: Shell });

const door = [
  createRoute({
    getParentRoute: () => root,
    path: "/sign-in",
    validateSearch: (raw: Record<string, unknown>): { to?: string } => (raw.to === undefined ? {} : { to: safeReturn(raw.to) }),
    component: lazyRouteComponent(() => import("../door/SignInPage.tsx"), "SignInPage"),
  }),
  createRoute({ getParentRoute: () => root, path: "/setup", component: lazyRouteComponent(() => import("../door/SetUpPage.tsx"), "SetUpPage") }),
  createRoute({ getParentRoute: () => root, path: "/invitation", component: lazyRouteComponent(() => import("../door/InvitationPage.tsx"), "InvitationPage") }),
] as const;

const pages = [
  createRoute({ getParentRoute: () => app, path: "/", component: NowPage }),
  createRoute({
    getParentRoute: () => app,
    path: "/findings",
    validateSearch: (raw: Partial<FindingFilter> & SearchSchemaInput): FindingFilter => filterFromUrl(raw),
    search: { middlewares: [stripSearchParams({ state: NO_FILTER.state, suppressed: NO_FILTER.suppressed })] },
    component: FindingsPage,
  }),
  createRoute({ getParentRoute: () => app, path: "/findings/$id", component: FindingPage }),
  createRoute({ getParentRoute: () => app, path: "/suppressions", component: lazyRouteComponent(() => import("../findings/SuppressionsPage.tsx"), "SuppressionsPage") }),
  createRoute({ getParentRoute: () => app, path: "/search", component: lazyRouteComponent(() => import("../search/SearchPage.tsx"), "SearchPage") }),
  createRoute({ getParentRoute: () => app, path: "/rules", component: lazyRouteComponent(() => import("../rules/RulesPage.tsx"), "RulesPage") }),
  createRoute({ getParentRoute: () => app, path: "/rules/$id", component: lazyRouteComponent(() => import("../rules/RulePage.tsx"), "RulePage") }),
  createRoute({ getParentRoute: () => app, path: "/sources", component: lazyRouteComponent(() => import("../sources/SourcesPage.tsx"), "SourcesPage") }),
  createRoute({ getParentRoute: () => app, path: "/sources/$id", component: lazyRouteComponent(() => import("../sources/SourcePage.tsx"), "SourcePage") }),
  createRoute({ getParentRoute: () => app, path: "/catalog", component: lazyRouteComponent(() => import("../catalog/CatalogPage.tsx"), "CatalogPage") }),
  createRoute({
    getParentRoute: () => app,
    path: "/audit",
    validateSearch: (raw: Record<string, unknown>): { actor?: string | undefined; action?: string | undefined; outcome?: string | undefined } => ({ actor: text(raw.actor), action: text(raw.action), outcome: text(raw.outcome) }),
    component: lazyRouteComponent(() => import("../audit/AuditPage.tsx"), "AuditPage"),
  }),
  createRoute({
    getParentRoute: () => app,
    path: "/settings",
    beforeLoad: () => {
      throw redirect({ to: "/settings/$section", params: { section: "people" } });
    },
  }),
  createRoute({ getParentRoute: () => app, path: "$", component: NoSuchPage }),
  createRoute({ getParentRoute: () => app, path: "/settings/$section", component: lazyRouteComponent(() => import("../settings/SettingsPage.tsx"), "SettingsPage") }),
] as const;

const routeTree = root.addChildren([...door, app.addChildren(pages)]);

/** The pages and their addresses. */
export function createAppRouter() {
  return createRouter({ routeTree, parseSearch, stringifySearch, scrollRestoration: true, defaultPendingComponent: Bones, defaultErrorComponent: Trouble });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
