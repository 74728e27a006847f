import { api } from "@corduroy/contract";
import type { ReactNode } from "react";
import { call } from "../app/connection.ts";
import { Door } from "./Door.tsx";
import { useLinkSecret } from "./fragment.ts";
import { NewAccountForm } from "./NewAccount.tsx";

/** An account through an invitation. */
export function InvitationPage(): ReactNode {
  const secret = useLinkSecret();
  if (secret === "") {
    return (
      <Door title="This link is not whole">
        <p>Open the invitation exactly as you got it, with everything after the #. If it was used already, sign in; if it is too old, ask for a new one.</p>
      </Door>
    );
  }
  return (
    <Door title="Welcome" about="You were invited to Corduroy.">
      <NewAccountForm withEmail={false} submit="Join" create={({ name, password }) => call(api.session.acceptInvitation, { body: { secret, name, password } })} />
    </Door>
  );
}
