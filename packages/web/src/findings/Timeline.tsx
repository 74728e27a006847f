import type { FindingDetail } from "@corduroy/contract";
import { useState, type ReactNode, type RefObject } from "react";
import { Button } from "../parts/Button.tsx";
import { Hostile } from "../parts/Hostile.tsx";
import { Panel } from "../parts/Page.tsx";
import { sendOnCtrlEnter } from "../parts/sendKey.ts";
import { Ago } from "../parts/When.tsx";
import { useFindingVerbs } from "./verbs.ts";

const FIRST = 12;

/** What happened to the finding, newest first, and a field to say something. */
export function Timeline({ finding, field }: { finding: FindingDetail; field: RefObject<HTMLTextAreaElement | null> }): ReactNode {
  const [all, setAll] = useState(false);
  const events = finding.timeline.toReversed();
  return (
    <Panel title="Timeline">
      <CommentForm finding={finding} field={field} />
      <ol className="timeline">
        {(all ? events : events.slice(0, FIRST)).map((event, i) => (
          <li key={events.length - i} className={event.kind}>
            <div>
              {event.kind === "comment" ? <q><Hostile text={event.text} limit={4_000} /></q> : <Hostile text={event.text} />}
              <small>
                {event.actor.kind === "system" ? "Corduroy" : event.actor.name}, <Ago time={event.at} />
              </small>
            </div>
          </li>
        ))}
      </ol>
      {!all && events.length > FIRST && <Button look="quiet" onClick={() => setAll(true)}>{`Show ${events.length - FIRST} earlier`}</Button>}
    </Panel>
  );
}

function CommentForm({ finding, field }: { finding: FindingDetail; field: RefObject<HTMLTextAreaElement | null> }): ReactNode {
  const [text, setText] = useState("");
  const { comment, busy } = useFindingVerbs(finding, () => setText(""));
  return (
    <form className="form" onKeyDown={sendOnCtrlEnter} onSubmit={(event) => {
      event.preventDefault();
      comment(text);
    }}>
      <label className="field">
        <span className="unseen">Comment</span>
        <textarea ref={field} rows={2} required maxLength={10_000} placeholder="Comment" value={text} onChange={({ target }) => setText(target.value)} />
      </label>
      {text !== "" && (
        <div className="dialog-foot">
          <Button submit needs="findings.comment" busy={busy} keys="Ctrl+Enter">
            Comment
          </Button>
        </div>
      )}
    </form>
  );
}
