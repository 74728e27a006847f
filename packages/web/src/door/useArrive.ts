import type { Session } from "@corduroy/contract";
import { useQueryClient } from "@tanstack/react-query";
import { rememberCsrf } from "../app/connection.ts";
import { sessionQuery } from "../app/session.ts";

/** Takes in the session that a step of signing in gave. */
export function useArrive(): (session: Session) => void {
  const queries = useQueryClient();
  return (session) => {
    rememberCsrf(session.csrf);
    queries.setQueryData(sessionQuery.queryKey, session);
  };
}
