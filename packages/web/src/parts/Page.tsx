import { useEffect, type ReactNode } from "react";

/** The head of a page: its name, a line about it, and what can be done. Names the browser's tab too. */
export function PageHead({ title, about, children }: { title: string; about?: ReactNode; children?: ReactNode }): ReactNode {
  useEffect(() => {
    document.title = `${title} · Corduroy`;
  }, [title]);
  return (
    <div className="page-head">
      <div>
        <h1 tabIndex={-1}>{title}</h1>
        {about !== undefined && <p>{about}</p>}
      </div>
      {children !== undefined && <div className="row">{children}</div>}
    </div>
  );
}

/** A box with a heading. */
export function Panel({ title, children, side }: { title: string; children: ReactNode; side?: ReactNode }): ReactNode {
  return (
    <section className="panel">
      {side === undefined ? (
        <h2>{title}</h2>
      ) : (
        <div className="spread">
          <h2>{title}</h2>
          {side}
        </div>
      )}
      {children}
    </section>
  );
}
