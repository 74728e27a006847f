import { useState, type ReactNode } from "react";
import { complain } from "../app/notices.ts";
import { useWhyNot } from "../app/session.ts";

interface Props {
  children: ReactNode;
  onClick?: () => void;
  /** The policy action it needs. Without permission it stays, greyed, and tells why. */
  needs?: string;
  /** Another reason why it cannot be pressed now. */
  why?: string | null;
  look?: "main" | "danger" | "quiet";
  keys?: string;
  busy?: boolean;
  submit?: boolean;
  pressed?: boolean;
  label?: string;
  /** What cannot be undone asks this once more, in its own place, and is done with the second press. */
  sure?: string;
}

/** A button that is never hidden: what a person may not do is shown as such, with the reason. */
export function Button({ children, onClick, needs, why = null, look, keys, busy = false, submit = false, pressed, label, sure }: Props): ReactNode {
  const [asking, setAsking] = useState(false);
  const forbidden = useWhyNot(needs ?? "");
  const reason = (needs === undefined ? null : forbidden) ?? why;
  return (
    <button
      type={submit ? "submit" : "button"}
      className={asking ? "button danger" : look === undefined ? "button" : `button ${look}`}
      disabled={busy}
      aria-disabled={reason === null ? undefined : true}
      aria-pressed={pressed}
      aria-label={label}
      aria-keyshortcuts={keys}
      title={reason ?? undefined}
      onBlur={() => setAsking(false)}
      onClick={(event) => {
        if (reason === null && sure !== undefined && !asking) return setAsking(true);
        setAsking(false);
        if (reason === null) return onClick?.();
        event.preventDefault();
        complain(reason);
      }}
    >
      {asking ? sure : children}
      {keys !== undefined && <kbd aria-hidden="true">{keys}</kbd>}
    </button>
  );
}
