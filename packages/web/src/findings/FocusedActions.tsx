import type { FindingSummary } from "@corduroy/contract";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useKeys } from "../keys/useKeys.ts";
import { CloseDialog } from "./CloseDialog.tsx";
import { useFindingVerbs } from "./verbs.ts";

/** Keys that act on the finding with the focus, in any list of findings. */
export function FocusedActions({ findings }: { findings: readonly FindingSummary[] }): ReactNode {
  const [acting, setActing] = useState<{ id: string; on: "close" | "assign" } | null>(null);
  const focused = (on: "close" | "assign") => (): void => {
    const id = document.activeElement?.closest<HTMLElement>("[data-finding]")?.dataset.finding;
    if (id !== undefined) setActing({ id, on });
  };
  useKeys({ e: focused("close"), a: focused("assign") });
  const finding = findings.find(({ id }) => id === acting?.id);
  if (acting === null || finding === undefined) return null;
  const end = (): void => setActing(null);
  return acting.on === "close" ? <CloseDialog finding={finding} onClose={end} /> : <Assign finding={finding} onDone={end} />;
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
