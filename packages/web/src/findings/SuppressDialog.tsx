import { api, type FindingDetail } from "@corduroy/contract";
import { useState, type ReactNode } from "react";
import { call } from "../app/connection.ts";
import { useVerb } from "../app/verbs.ts";
import { Button } from "../parts/Button.tsx";
import { Dialog } from "../parts/Dialog.tsx";
import { Field } from "../parts/Field.tsx";
import { sendOnCtrlEnter } from "../parts/sendKey.ts";

const DAY = 86_400_000;
const SPANS = [[1, "a day"], [7, "a week"], [30, "30 days"], [90, "90 days"]] as const;

/** Hides what would match again for a while: by rule, by entity, by account, or by what these have in common. */
export function SuppressDialog({ finding, onClose }: { finding: FindingDetail; onClose: () => void }): ReactNode {
  const account = finding.evidence.accounts.length === 1 ? (finding.evidence.accounts[0] ?? null) : null;
  const [by, setBy] = useState({ rule: true, entity: true, account: false });
  const [days, setDays] = useState(7);
  const [reason, setReason] = useState("");
  const scope = { rule: by.rule ? finding.rule.id : null, entity: by.entity ? finding.entity.key : null, account: by.account ? account : null };
  const empty = Object.values(scope).every((value) => value === null);
  const suppress = useVerb(() => call(api.findings.suppress, { body: { reason, scope, expiresAt: new Date(Date.now() + days * DAY).toISOString() } }), {
    done: "Suppressed. News on it is marked, and it stays hidden.",
    refresh: [["suppressions"], ["finding", finding.id], ["findings"], ["finding-counts"], ["now"]],
    onDone: onClose,
  });
  const choices = [
    ["rule", `this rule: ${finding.rule.title}`, true],
    ["entity", `this entity: ${finding.entity.name}`, true],
    ["account", account === null ? "this account (the finding has several, or none)" : `this account: ${account}`, account !== null],
  ] as const;
  return (
    <Dialog title="Suppress" onClose={onClose}>
      <form className="form" onKeyDown={sendOnCtrlEnter} onSubmit={(event) => {
        event.preventDefault();
        suppress.mutate();
      }}>
        <fieldset className="field">
          <legend>Findings with all of these are hidden</legend>
          {choices.map(([name, text, possible]) => (
            <label key={name} className="check">
              <input type="checkbox" disabled={!possible} checked={by[name]} onChange={({ target }) => setBy({ ...by, [name]: target.checked })} />
              <span>{text}</span>
            </label>
          ))}
        </fieldset>
        <Field label="For">
          <select value={days} onChange={({ target }) => setDays(Number(target.value))}>
            {SPANS.map(([span, text]) => (
              <option key={span} value={span}>
                {text}
              </option>
            ))}
          </select>
        </Field>
        <Field label="Reason">
          <textarea required maxLength={10_000} value={reason} onChange={({ target }) => setReason(target.value)} />
        </Field>
        <p className="small dim">It stays hidden until then, and nobody is told of it. A new network or a higher level is marked on it as news.</p>
        <div className="dialog-foot">
          <Button submit look="main" needs="suppressions.write" busy={suppress.isPending} why={empty ? "Choose at least one: otherwise everything would be hidden." : null} keys="Ctrl+Enter">
            Suppress
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
