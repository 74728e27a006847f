import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Empty } from "../parts/States.tsx";

/** An address that leads nowhere. */
export function NoSuchPage(): ReactNode {
  return (
    <main id="main">
      <Empty title="There is no such page">
        <p>
          The address may be old or cut off. <Link to="/">Go to what needs you now</Link>.
        </p>
      </Empty>
    </main>
  );
}
