/** What a person or a token may be; what each may do stands in `content/policies`. */
export const ROLES = ["viewer", "developer", "responder", "admin", "auditor"] as const;
export type Role = (typeof ROLES)[number];

/** Who acts: every change of state names one. */
export type Actor =
  | {
      kind: "user";
      id: string;
      name: string;
      roles: readonly Role[];
      /** The teams of the catalog that the person is in; without them nothing is "their own team's". */
      teams?: readonly string[] | undefined;
    }
  /** An API token acts with its own scopes, on behalf of nobody. */
  | { kind: "token"; id: string; name: string; scopes: readonly string[] }
  /** The product itself: a schedule, a collector, a worker. */
  | { kind: "system"; name: string };

/** What is acted on, as far as policies ask: `{ type: "Finding", id: "ab12…" }`. */
export interface Resource {
  type: string;
  id: string;
  /** The team that owns it, where one does. */
  team?: string | undefined;
}

/** What a verb is called with. */
export interface Ctx<Db> {
  actor: Actor;
  /** The database, or the transaction that the verb joins. */
  db: Db;
  now: () => Date;
  /** The caller's network address, for the audit; null for the product itself. */
  address: string | null;
  /** Whether the policies allow it; ask through `authorize` of `identity`, which also audits refusals. */
  allows: (actor: Actor, action: string, resource: Resource) => boolean;
  /** Key of what stands for people where whoever asks may not see them (`pseudonymKey` of `identity`); absent where everybody who asks may. */
  pseudonyms?: string | undefined;
  /** Teams of the catalog that the person with this mail address is in; absent where there is no catalog. */
  teamsOf?: ((email: string) => readonly string[]) | undefined;
}
