import type { FindingSummary } from "@corduroy/contract";
import { useState, type ReactNode } from "react";
import { Button } from "../parts/Button.tsx";
import { Dialog } from "../parts/Dialog.tsx";
import { Field } from "../parts/Field.tsx";
import { Hostile } from "../parts/Hostile.tsx";
import { sendOnCtrlEnter } from "../parts/sendKey.ts";
import { useFindingVerbs } from "./verbs.ts";

const DISPOSITIONS = [
  ["resolved", "Resolved", "It was real, and it is dealt with."],
  ["accepted", "Accepted", "It is real, and stays so until a date."],
  ["false_positive", "False positive", "The rule was wrong; this counts against it."],
  ["duplicate", "Duplicate", "Another finding tells the same story."],
] as const;
type Disposition = (typeof DISPOSITIONS)[number][0];

const DAY = 86_400_000;
const ACCEPTED_DAYS = 90;

/** Closing takes a disposition and a reason; accepting takes a date, a duplicate the finding that stays. */
export function CloseDialog({ finding, onClose }: { finding: FindingSummary; onClose: () => void }): ReactNode {
  const [as, setAs] = useState<Disposition>("resolved");
  const [reason, setReason] = useState("");
  const [until, setUntil] = useState(() => dayFrom(Date.now() + ACCEPTED_DAYS * DAY));
  const [of, setOf] = useState("");
  const verbs = useFindingVerbs(finding, onClose);
  const close = (): void => verbs.close({ as, reason, ...(as === "accepted" ? { until: `${until}T00:00:00.000Z` } : {}), ...(as === "duplicate" ? { of: of.trim().split("/").at(-1) ?? "" } : {}) });
  return (
    <Dialog title="Close the finding" onClose={onClose}>
      <p className="dim">
        <Hostile text={finding.title} />
      </p>
      <form className="form" onKeyDown={sendOnCtrlEnter} onSubmit={(event) => {
        event.preventDefault();
        close();
      }}>
        <fieldset className="field">
          <legend>As</legend>
          {DISPOSITIONS.map(([value, name, meaning]) => (
            <label key={value} className="check">
              <input type="radio" name="as" checked={as === value} onChange={() => setAs(value)} />
              <span>
                {name} <span className="dim">{meaning}</span>
              </span>
            </label>
          ))}
        </fieldset>
        {as === "accepted" && (
          <Field label="Look at it again on" help="At the start of that day, UTC, it opens again.">
            <input type="date" required min={dayFrom(Date.now() + DAY)} value={until} onChange={({ target }) => setUntil(target.value)} />
          </Field>
        )}
        {as === "duplicate" && (
          <Field label="The finding that stays" help="Its id, or its address.">
            <input required value={of} onChange={({ target }) => setOf(target.value)} />
          </Field>
        )}
        <Field label="Reason" help="What was found out, for whoever reads this in a year.">
          <textarea required maxLength={10_000} value={reason} onChange={({ target }) => setReason(target.value)} />
        </Field>
        <div className="dialog-foot">
          <Button submit look="main" needs="findings.close" busy={verbs.busy} keys="Ctrl+Enter">
            Close it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function dayFrom(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
