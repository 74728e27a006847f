import type { FindingSummary } from "@corduroy/contract";
import { useState, type ReactNode } from "react";
import { Button } from "../parts/Button.tsx";
import { Dialog } from "../parts/Dialog.tsx";
import { Field } from "../parts/Field.tsx";
import { sendOnCtrlEnter } from "../parts/sendKey.ts";
import { useFindingVerbs } from "./verbs.ts";

/** Opening a closed finding again takes a reason. */
export function ReopenDialog({ finding, onClose }: { finding: FindingSummary; onClose: () => void }): ReactNode {
  const [reason, setReason] = useState("");
  const verbs = useFindingVerbs(finding, onClose);
  return (
    <Dialog title="Open the finding again" onClose={onClose}>
      <form className="form" onKeyDown={sendOnCtrlEnter} onSubmit={(event) => {
        event.preventDefault();
        verbs.reopen(reason);
      }}>
        <Field label="Reason">
          <textarea required maxLength={10_000} value={reason} onChange={({ target }) => setReason(target.value)} />
        </Field>
        <div className="dialog-foot">
          <Button submit look="main" needs="findings.triage" busy={verbs.busy} keys="Ctrl+Enter">
            Open again
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
