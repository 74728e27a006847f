/** Where something stands in a catalog file; line and column count from 1. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

/** Something an author of the catalog has to fix. */
export interface Problem extends Place {
  message: string;
  hint: string;
}

export const ROUTES = ["pagerduty", "slack", "email", "webhook"] as const;
export type Route = (typeof ROUTES)[number];

export const ENVIRONMENTS = ["production", "staging", "development"] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** Who is told. References are Backstage's, in lower case: `group:default/payments`. */
export interface Team {
  ref: string;
  /** Its title, else its name. */
  name: string;
  email: string | null;
  /** Names of destinations of the configuration, by the way they go. */
  routes: Readonly<Partial<Record<Route, readonly string[]>>>;
  place: Place;
}

export interface Person {
  ref: string;
  name: string;
  email: string | null;
  /** References of teams and other groups. */
  teams: readonly string[];
  place: Place;
}

/** What a team answers for: a Component, a Resource (an account, a bucket) or a System. */
export interface Service {
  ref: string;
  name: string;
  /** Null when it names no team that exists; that is a problem of its own. */
  team: string | null;
  system: string | null;
  /** As Backstage has it, any word: `production`, `experimental`, `deprecated`. */
  lifecycle: string | null;
  /** 1 is what hurts most when it fails, 4 the least. */
  tier: number | null;
  environment: Environment | null;
  claims: readonly Claim[];
  place: Place;
}

/** In the order of precedence: what says most about who is meant comes first. */
export const CLAIM_KINDS = ["repository", "namespace", "role", "account"] as const;

/** A thing in some cloud that a service says is its own. */
export interface Claim {
  kind: (typeof CLAIM_KINDS)[number];
  /** A name, in roles with `*` for any run of characters. Repositories are in lower case. */
  pattern: string;
  annotation: string;
  place: Place;
}

export interface Catalog {
  teams: readonly Team[];
  people: readonly Person[];
  services: readonly Service[];
}

/** `file:line:column`, as editors and terminals understand it. */
export function placeText({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}
