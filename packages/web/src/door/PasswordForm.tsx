import { api } from "@corduroy/contract";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { call } from "../app/connection.ts";
import { useVerb } from "../app/verbs.ts";
import { Button } from "../parts/Button.tsx";
import { Field } from "../parts/Field.tsx";
import { Trouble } from "../parts/States.tsx";
import { CodeForm } from "./CodeForm.tsx";
import { Door } from "./Door.tsx";
import { refusal } from "./refusal.ts";
import { signInWithPasskey } from "./passkey.ts";
import { useArrive } from "./useArrive.ts";

/** Password, passkey, or the company's single sign-on. */
export function PasswordForm(): ReactNode {
  const options = useQuery({ queryKey: ["sign-in"], queryFn: () => call(api.session.options), staleTime: Number.POSITIVE_INFINITY });
  const arrive = useArrive();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState<unknown>(refusal);
  const [factors, setFactors] = useState<readonly string[] | null>(null);
  const signIn = useVerb(() => call(api.session.signIn, { body: { email, password } }), {
    onDone: (answer) => {
      if (answer.stage === "code") setFactors(answer.factors);
      else arrive(answer);
    },
    onFail: setError,
  });
  const passkey = useVerb(signInWithPasskey, { onDone: arrive, onFail: setError });
  const sso = options.data?.sso ?? null;
  if (factors !== null) return <CodeForm proof={{ email, password }} factors={factors} onBack={() => setFactors(null)} />;
  if (options.data?.setUp === false) {
    return (
      <Door title="Nobody is here yet">
        <p>This service has no admin. Open the one-time link that it printed when it started: it leads to the first account.</p>
      </Door>
    );
  }
  return (
    <Door title="Sign in" about={options.data?.demo === true ? "A demonstration, with a made-up company's data." : undefined}>
      {error !== null && <Trouble error={error} />}
      <form className="form" onSubmit={(event) => {
        event.preventDefault();
        setError(null);
        signIn.mutate();
      }}>
        <Field label="E-mail">
          <input type="email" required autoFocus autoComplete="username" maxLength={254} value={email} onChange={({ target }) => setEmail(target.value)} />
        </Field>
        <Field label="Password">
          <input type="password" required autoComplete="current-password" maxLength={256} value={password} onChange={({ target }) => setPassword(target.value)} />
        </Field>
        <Button submit look="main" busy={signIn.isPending}>
          Sign in
        </Button>
      </form>
      <p className="or">or</p>
      <Button busy={passkey.isPending} onClick={() => {
        setError(null);
        passkey.mutate();
      }}>
        Use a passkey
      </Button>
      {sso !== null && (
        <a className="button" href="/sign-in/sso">
          Continue with {sso.name}
        </a>
      )}
    </Door>
  );
}
