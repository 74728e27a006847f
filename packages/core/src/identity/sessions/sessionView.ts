import type { Role } from "../../kernel/index.ts";
import type { DbCtx } from "../../store/index.ts";
import { ACTIONS, type Action } from "../actions.ts";
import { factorsOf } from "../store/factors.ts";
import { isOfProvider } from "../store/users.ts";
import { actorOf } from "./actors.ts";
import { csrfToken } from "./csrf.ts";
import { livingSession } from "./readSession.ts";

const ANYTHING = { type: "Any", id: "*" };

/** A session as its own page needs it. */
export interface SessionView {
  id: string;
  stage: "enrol" | "full";
  user: { id: string; email: string; name: string; roles: Role[] };
  csrf: string;
  /** Actions that the person may use on things of whichever team. */
  may: Action[];
  /** Further ones, on things of their own teams alone. */
  mayForTeam: Action[];
  /** By name. */
  teams: string[];
  /** Comes in by single sign-on alone: password and second factors are the provider's business. */
  singleSignOn: boolean;
  secondFactors: { totp: boolean; passkeys: { id: string; name: string; createdAt: Date; lastUsedAt: Date | null }[] };
}

/** What the browser that has this session may know of it; null when it has ended. */
export async function sessionView(ctx: DbCtx, secret: string): Promise<SessionView | null> {
  const found = await livingSession(ctx, secret);
  if (found === null) return null;
  const { session, user } = found;
  const teams = [...(ctx.teamsOf?.(user.email) ?? [])];
  const actor = { ...actorOf(user), teams };
  const may = session.stage === "full" ? ACTIONS.filter((action) => ctx.allows(actor, action, ANYTHING)) : [];
  const mayForTeam = session.stage === "full" && teams.length > 0 ? ACTIONS.filter((action) => !may.includes(action) && teams.every((team) => ctx.allows(actor, action, { ...ANYTHING, team }))) : [];
  const { totp, passkeys } = await factorsOf(ctx.db, user.id);
  return {
    id: session.id,
    stage: session.stage,
    user: { id: user.id, email: user.email, name: user.name, roles: [...actor.roles] },
    csrf: csrfToken(secret),
    may,
    mayForTeam,
    teams,
    singleSignOn: isOfProvider(user),
    secondFactors: { totp, passkeys: passkeys.map(({ id, name, createdAt, lastUsedAt }) => ({ id, name, createdAt, lastUsedAt })) },
  };
}
