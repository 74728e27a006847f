import { api } from "@corduroy/contract";
import { useState, type ReactNode } from "react";
import { call } from "../app/connection.ts";
import { Door } from "./Door.tsx";
import { takeFragment } from "./fragment.ts";
import { NewAccountForm } from "./NewAccount.tsx";

/** The first account, through the link that the service printed. */
export function SetUpPage(): ReactNode {
  const [secret] = useState(takeFragment);
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
