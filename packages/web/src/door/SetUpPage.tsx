import { api } from "@corduroy/contract";
import type { ReactNode } from "react";
import { call } from "../app/connection.ts";
import { Door } from "./Door.tsx";
import { useLinkSecret } from "./fragment.ts";
import { NewAccountForm } from "./NewAccount.tsx";

/** The first account, through the link that the service printed. */
export function SetUpPage(): ReactNode {
  const secret = useLinkSecret();
  if (secret === "") {
    return (
      <Door title="This link is not whole">
        <p>Open the link exactly as the service printed it, with everything after the #. It works once.</p>
      </Door>
    );
  }
  return (
    <Door title="Set up Corduroy" about="You become its first admin.">
      <NewAccountForm withEmail submit="Create the account" create={(account) => call(api.session.setUp, { body: { secret, ...account } })} />
    </Door>
  );
}
