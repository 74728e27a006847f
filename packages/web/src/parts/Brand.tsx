import type { ReactNode } from "react";

/** The mark: four logs, side by side. */
export function Brand(): ReactNode {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true">
      <path d="M3 2v16M8 2v16M13 2v16M18 2v16" />
    </svg>
  );
}
