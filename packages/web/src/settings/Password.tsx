import { api } from "@corduroy/contract";
import { useState, type ReactNode } from "react";
import { call } from "../app/connection.ts";
import { useSession } from "../app/session.ts";
import { useVerb } from "../app/verbs.ts";
import { Button } from "../parts/Button.tsx";
import { Field } from "../parts/Field.tsx";
import { Panel } from "../parts/Page.tsx";
import { Trouble } from "../parts/States.tsx";

/** One's own password; whoever has the old one is out of every other session with it. */
export function Password(): ReactNode {
  const session = useSession();
  const email = session?.user.email ?? "";
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState<unknown>(null);
  const change = useVerb(() => call(api.session.changePassword, { body: { current, password } }), {
    done: "The password is changed. You are signed out everywhere else.",
    refresh: [["sessions"]],
    onDone: () => {
      setCurrent("");
      setPassword("");
    },
    onFail: setError,
  });
  return (
    <Panel title="Password">
      {error !== null && <Trouble error={error} />}
      <form className="form-wide" onSubmit={(event) => {
        event.preventDefault();
        setError(null);
        change.mutate();
      }}>
        {/* Password managers file the new one under it. */}
        <input type="hidden" autoComplete="username" value={email} readOnly />
        <Field label="Current password">
          <input type="password" required autoComplete="current-password" maxLength={256} value={current} onChange={({ target }) => setCurrent(target.value)} />
        </Field>
        <Field label="New password">
          <input type="password" required minLength={12} maxLength={256} autoComplete="new-password" value={password} onChange={({ target }) => setPassword(target.value)} />
        </Field>
        <Button submit busy={change.isPending} why={session?.singleSignOn === true ? "You come in by single sign-on: there is no password here." : null}>
          Change it
        </Button>
      </form>
      <p className="dim">Twelve characters or more. Changing it ends all your other sessions.</p>
    </Panel>
  );
}
