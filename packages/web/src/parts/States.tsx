import { ApiError } from "@corduroy/contract";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { problemFrom } from "../app/connection.ts";
import { Button } from "./Button.tsx";
import { PageHead } from "./Page.tsx";

/** Space held for rows that are on their way, so that nothing jumps when they come. */
export function Bones({ rows = 8, height = 40 }: { rows?: number; height?: number }): ReactNode {
  return (
    <div className="bones" role="status" aria-label="Loading" style={{ "--bone": `${height}px` } as React.CSSProperties}>
      {Array.from({ length: rows }, (_, i) => (
        <span key={i} />
      ))}
    </div>
  );
}

/** What went wrong, as the service says it, and what to do next; trying again is offered where it can help. */
export function Trouble({ error, again }: { error: unknown; again?: () => void }): ReactNode {
  const { title, detail, hint, errors, status } = problemFrom(error);
  const passing = status === 0 || status === 409 || status === 429 || status >= 500;
  return (
    <div className="panel trouble stack" role="alert">
      <div>
        <h2>{title === "" ? "That did not work" : title}</h2>
        <p>{detail}</p>
        {hint !== undefined && <p className="dim">{hint}</p>}
        {errors?.map((each) => (
          <p key={each.pointer} className="small">
            <code>{each.pointer}</code> {each.detail}
          </p>
        ))}
      </div>
      {again !== undefined && passing && (
        <div>
          <Button onClick={again}>Try again</Button>
        </div>
      )}
    </div>
  );
}

/** A list without entries: what that means, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }): ReactNode {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** The page of something that is not there, and where to look instead. */
export function Missing({ what, children }: { what: string; children: ReactNode }): ReactNode {
  return (
    <>
      <PageHead title={`There is no such ${what}`} about="The address may be old or cut off." />
      <p>{children}</p>
    </>
  );
}

interface LoadedProps<T> {
  query: UseQueryResult<T>;
  rows?: number;
  height?: number;
  /** Shown when the service says that there is no such thing. */
  missing?: ReactNode;
  children: (data: T) => ReactNode;
}

/** Shows a query's data, the bones of it while it loads, or what went wrong. Old data stays while new data loads. */
export function Loaded<T>({ query, rows, height, missing, children }: LoadedProps<T>): ReactNode {
  if (query.data !== undefined) return children(query.data);
  if (missing !== undefined && query.error instanceof ApiError && query.error.problem.status === 404) return missing;
  if (query.error !== null) return <Trouble error={query.error} again={() => void query.refetch()} />;
  return <Bones {...(rows === undefined ? {} : { rows })} {...(height === undefined ? {} : { height })} />;
}
