import type { ReactNode } from "react";
import { Button } from "../parts/Button.tsx";

/** The end of each form for a collector. */
export function AddFoot({ busy }: { busy: boolean }): ReactNode {
  return (
    <div className="dialog-foot">
      <Button submit look="main" needs="sources.write" busy={busy}>
        Add and try it
      </Button>
    </div>
  );
}
