import type { Session } from "@corduroy/contract";
import { Navigate } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { useVerb } from "../app/verbs.ts";
import { Button } from "../parts/Button.tsx";
import { Field } from "../parts/Field.tsx";
import { Trouble } from "../parts/States.tsx";
import { useArrive } from "./useArrive.ts";

/** What a new account needs; `email` is absent when the link says whose it is. */
export interface NewAccount {
  email: string;
  name: string;
  password: string;
}

/** The form of a new account; then on to the second factor. */
export function NewAccountForm({ withEmail, create, submit }: { withEmail: boolean; create: (account: NewAccount) => Promise<Session>; submit: string }): ReactNode {
  const arrive = useArrive();
  const [account, setAccount] = useState<NewAccount>({ email: "", name: "", password: "" });
  const [error, setError] = useState<unknown>(null);
  const verb = useVerb(() => create(account), { onDone: arrive, onFail: setError });
  if (verb.isSuccess) return <Navigate to="/sign-in" search={{}} replace />;
  const set = (name: keyof NewAccount) => ({ target }: { target: HTMLInputElement }) => setAccount({ ...account, [name]: target.value });
  return (
    <form className="form" onSubmit={(event) => {
      event.preventDefault();
      setError(null);
      verb.mutate();
    }}>
      {error !== null && <Trouble error={error} />}
      {withEmail && (
        <Field label="E-mail">
          <input type="email" required autoComplete="username" maxLength={254} value={account.email} onChange={set("email")} />
        </Field>
      )}
      <Field label="Name" help="As others will see it.">
        <input required autoComplete="name" maxLength={100} value={account.name} onChange={set("name")} />
      </Field>
      <Field label="Password" help="Twelve characters or more. A few words are better than many signs.">
        <input type="password" required minLength={12} maxLength={256} autoComplete="new-password" value={account.password} onChange={set("password")} />
      </Field>
      <Button submit look="main" busy={verb.isPending}>
        {submit}
      </Button>
    </form>
  );
}
