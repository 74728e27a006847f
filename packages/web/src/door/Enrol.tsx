import { api } from "@corduroy/contract";
import { useState, type ReactNode } from "react";
import { call } from "../app/connection.ts";
import { useVerb } from "../app/verbs.ts";
import { Button } from "../parts/Button.tsx";
import { Field } from "../parts/Field.tsx";
import { Trouble } from "../parts/States.tsx";
import { enrolPasskey } from "./passkey.ts";
import { QrCode } from "./QrCode.tsx";
import { RecoveryCodes } from "./RecoveryCodes.tsx";

/** Adds a second factor: a passkey, or an authenticator app with recovery codes. */
export function Enrol({ onDone }: { onDone: () => void }): ReactNode {
  const [error, setError] = useState<unknown>(null);
  const begin = useVerb(() => call(api.session.enrolTotp), { onFail: setError });
  const passkey = useVerb(() => enrolPasskey(deviceName()), {
    done: "The passkey is added.",
    onDone: (codes) => {
      if (codes.length === 0) onDone();
    },
    onFail: setError,
  });
  if (passkey.data !== undefined && passkey.data.length > 0) return <RecoveryCodes codes={passkey.data} onDone={onDone} />;
  if (begin.data !== undefined) return <Authenticator secret={begin.data.secret} uri={begin.data.uri} onDone={onDone} />;
  return (
    <div className="form">
      {error !== null && <Trouble error={error} />}
      <Button look="main" busy={passkey.isPending} onClick={() => passkey.mutate()}>
        Add a passkey
      </Button>
      <p className="small dim">Fingerprint, face or security key. It cannot be phished.</p>
      <Button busy={begin.isPending} onClick={() => begin.mutate()}>
        Use an authenticator app
      </Button>
      <p className="small dim">Codes of six digits, from any app for that.</p>
    </div>
  );
}

function Authenticator({ secret, uri, onDone }: { secret: string; uri: string; onDone: () => void }): ReactNode {
  const [code, setCode] = useState("");
  const confirm = useVerb(() => call(api.session.confirmTotp, { body: { code: code.trim() } }), { onFail: () => setCode("") });
  if (confirm.data !== undefined) return <RecoveryCodes codes={confirm.data.recoveryCodes} onDone={onDone} />;
  return (
    <form className="form" onSubmit={(event) => {
      event.preventDefault();
      confirm.mutate();
    }}>
      {confirm.error !== null && <Trouble error={confirm.error} />}
      <p>Scan this with the app, or type the key below it.</p>
      <QrCode text={uri} />
      <code>{secret.match(/.{1,4}/g)?.join(" ")}</code>
      <Field label="The code that the app shows">
        <input required autoFocus inputMode="numeric" autoComplete="one-time-code" minLength={6} maxLength={40} value={code} onChange={({ target }) => setCode(target.value)} />
      </Field>
      <Button submit look="main" busy={confirm.isPending}>
        Confirm
      </Button>
    </form>
  );
}

/** A name by which the person knows the passkey again. */
function deviceName(): string {
  return `${/Mac|iPhone|iPad|Windows|Android|Linux/.exec(navigator.userAgent)?.[0] ?? "Browser"}, ${new Date().toISOString().slice(0, 10)}`;
}
