import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Navigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { safeReturn } from "../app/address.ts";
import { sessionQuery } from "../app/session.ts";
import { Bones, Trouble } from "../parts/States.tsx";
import { Door } from "./Door.tsx";
import { Enrol } from "./Enrol.tsx";
import { PasswordForm } from "./PasswordForm.tsx";

/** Signing in, step by step; afterwards one is where one wanted to be. */
export function SignInPage(): ReactNode {
  const session = useQuery(sessionQuery);
  const { to } = useSearch({ from: "/sign-in" });
  const queries = useQueryClient();
  if (session.isPending) return <Door title="Sign in"><Bones rows={3} /></Door>;
  if (session.data === undefined) return <Door title="Sign in"><Trouble error={session.error} again={() => void session.refetch()} /></Door>;
  if (session.data === null) return <PasswordForm />;
  const { stage } = session.data;
  if (stage === "enrol") {
    return (
      <Door title="One more thing" about="A password alone opens nothing here. Add a second factor; it takes half a minute.">
        <Enrol onDone={() => void queries.invalidateQueries({ queryKey: sessionQuery.queryKey })} />
      </Door>
    );
  }
  return <Navigate to={safeReturn(to)} replace />;
}
