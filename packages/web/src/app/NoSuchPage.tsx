import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Missing } from "../parts/States.tsx";

/** An address that leads nowhere. */
export function NoSuchPage(): ReactNode {
  return (
    <Missing what="page">
      <Link to="/">What needs you now</Link>
    </Missing>
  );
}
