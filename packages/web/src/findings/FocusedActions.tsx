import type { FindingSummary } from "@corduroy/contract";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useKeys } from "../keys/useKeys.ts";
import { CloseDialog } from "./CloseDialog.tsx";
import { isActive } from "./filter.ts";
import { ReopenDialog } from "./ReopenDialog.tsx";
import { useFindingVerbs } from "./verbs.ts";

/** Keys that act on the finding with the focus, in any list of findings: `e` closes it, or opens it again, as it was when the key was pressed. */
export function FocusedActions({ findings }: { findings: readonly FindingSummary[] }): ReactNode {
  const [acting, setActing] = useState<{ seen: FindingSummary; on: "close" | "assign" } | null>(null);
  const focused = (on: "close" | "assign") => (): void => {
    const id = document.activeElement?.closest<HTMLElement>("[data-finding]")?.dataset.finding;
    const seen = findings.find((each) => each.id === id);
    if (seen !== undefined) setActing({ seen, on });
  };
  useKeys({ e: focused("close"), a: focused("assign") });
  const finding = findings.find(({ id }) => id === acting?.seen.id);
  if (acting === null || finding === undefined) return null;
  const end = (): void => setActing(null);
  if (acting.on === "assign") return <Assign finding={finding} onDone={end} />;
  return isActive(acting.seen) ? <CloseDialog finding={finding} onClose={end} /> : <ReopenDialog finding={finding} onClose={end} />;
}

/** Assigns once, and is gone. */
function Assign({ finding, onDone }: { finding: FindingSummary; onDone: () => void }): ReactNode {
  const { assignToMe } = useFindingVerbs(finding);
  const started = useRef(false);
  useEffect(() => {
    if (started.current) return;
    started.current = true;
    assignToMe();
    onDone();
  });
  return null;
}
