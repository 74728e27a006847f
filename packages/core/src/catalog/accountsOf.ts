import type { Catalog, Environment } from "./catalog.ts";
import { ownerOf } from "./ownerOf.ts";

/** Whose an account is. */
export interface AccountOwner {
  account: string;
  /** Reference of the team; null where teams disagree, or the one that is named does not exist. */
  team: string | null;
  environment: Environment | null;
}

/** All accounts that the catalog knows, each with its team and environment as `ownerOf` tells them; in order. */
export function accountsOf(catalog: Catalog): AccountOwner[] {
  const accounts = new Set(catalog.services.flatMap(({ claims }) => claims.filter(({ kind }) => kind === "account").map(({ pattern }) => pattern)));
  return [...accounts].sort().map((account) => {
    const { team, environment } = ownerOf(catalog, { account });
    return { account, team, environment };
  });
}
