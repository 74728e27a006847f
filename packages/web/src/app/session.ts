import { api, ApiError, type Session } from "@corduroy/contract";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { call, rememberCsrf } from "./connection.ts";

/** Who has signed in; null when nobody has. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  staleTime: 60_000,
  queryFn: async (): Promise<Session | null> => {
    try {
      const session = await call(api.session.current);
      rememberCsrf(session.csrf);
      return session;
    } catch (error) {
      if (error instanceof ApiError && error.problem.status === 401) return null;
      throw error;
    }
  },
});

/** Names of people, to give findings to and to tell ids apart. */
export const peopleQuery = queryOptions({ queryKey: ["people"], queryFn: () => call(api.admin.people), staleTime: 300_000 });

/** The session of whoever looks at the page, on pages that need one. */
export function useSession(): Session | null {
  return useQuery(sessionQuery).data ?? null;
}

/**
 * Why the person may not do something, in a sentence; null when they may.
 * @param action an action of the policies: `findings.close`
 * @param team the one that owns what it is done to; null for nobody, or for what no team owns
 */
export function whyNot(session: Session | null, action: string, team: string | null): string | null {
  if (session === null) return "You are not signed in.";
  if (session.may.includes(action)) return null;
  if (session.mayForTeam.includes(action)) return team !== null && session.teams.includes(team) ? null : `This is not your team's (${session.teams.join(", ")}), and your role includes it for theirs alone (${action}).`;
  const roles = session.user.roles.join(" and ");
  return `Your role (${roles}) does not include this (${action}). An admin can change that under Settings, People.`;
}

/** The team that owns what a part of the page is about. */
export const OwningTeam = createContext<string | null>(null);

/** As `whyNot`, for the present session, and the team of this part of the page. */
export function useWhyNot(action: string): string | null {
  return whyNot(useSession(), action, useContext(OwningTeam));
}
