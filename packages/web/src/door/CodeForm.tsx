import { api } from "@corduroy/contract";
import { useState, type ReactNode } from "react";
import { call } from "../app/connection.ts";
import { useVerb } from "../app/verbs.ts";
import { Button } from "../parts/Button.tsx";
import { Field } from "../parts/Field.tsx";
import { Trouble } from "../parts/States.tsx";
import { Door } from "./Door.tsx";
import { signInWithPasskey } from "./passkey.ts";
import { useArrive } from "./useArrive.ts";

/** What was typed, kept in memory until the second factor is here. */
export interface Proof {
  email: string;
  password: string;
}

/** The second step of signing in with a password. */
export function CodeForm({ proof, factors, onBack }: { proof: Proof; factors: readonly string[]; onBack: () => void }): ReactNode {
  const arrive = useArrive();
  const [code, setCode] = useState("");
  const [error, setError] = useState<unknown>(null);
  const finish = useVerb(() => call(api.session.signIn, { body: { ...proof, code: code.trim() } }), {
    onDone: (answer) => {
      if (answer.stage !== "code") arrive(answer);
    },
    onFail: (failure) => {
      setError(failure);
      setCode("");
    },
  });
  const passkey = useVerb(signInWithPasskey, { onDone: arrive, onFail: setError });
  return (
    <Door title="Second step" about={`For ${proof.email}`}>
      <form className="form" onSubmit={(event) => {
        event.preventDefault();
        setError(null);
        finish.mutate();
      }}>
        {error !== null && <Trouble error={error} />}
        <Field label="Code" help={factors.includes("totp") ? "From your authenticator app, or one of your recovery codes." : "One of your recovery codes."}>
          <input required autoFocus autoComplete="one-time-code" minLength={6} maxLength={40} value={code} onChange={({ target }) => setCode(target.value)} />
        </Field>
        <Button submit look="main" busy={finish.isPending}>
          Sign in
        </Button>
        {factors.includes("passkey") && (
          <Button busy={passkey.isPending} onClick={() => {
            setError(null);
            passkey.mutate();
          }}>
            Use a passkey
          </Button>
        )}
        <Button look="quiet" onClick={onBack}>
          Sign in as somebody else
        </Button>
      </form>
    </Door>
  );
}
