import { api, ApiError, type Session } from "@corduroy/contract";
import { queryOptions, useQuery } from "@tanstack/react-query";
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

/** The session of whoever looks at the page, on pages that need one. */
export function useSession(): Session | null {
  return useQuery(sessionQuery).data ?? null;
}

/**
 * Why the person may not do something, in a sentence; null when they may.
 * @param action an action of the policies: `findings.close`
 */
export function whyNot(session: Session | null, action: string): string | null {
  if (session === null) return "You are not signed in.";
  if (session.may.includes(action)) return null;
  const roles = session.user.roles.join(" and ");
  return `Your role (${roles}) does not include this (${action}). An admin can change that under Settings, People.`;
}

/** As `whyNot`, for the present session. */
export function useWhyNot(action: string): string | null {
  return whyNot(useSession(), action);
}
