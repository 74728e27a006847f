import { useEffect, type ReactNode } from "react";
import { Brand } from "../parts/Brand.tsx";

/** The frame of the pages before one has signed in. */
export function Door({ title, about, children }: { title: string; about?: ReactNode; children: ReactNode }): ReactNode {
  useEffect(() => {
    document.title = `${title} · Corduroy`;
  }, [title]);
  return (
    <main className="door" id="main">
      <p className="brand">
        <Brand />
        Corduroy
      </p>
      <div className="panel">
        <div>
          <h1>{title}</h1>
          {about !== undefined && <p className="dim">{about}</p>}
        </div>
        {children}
      </div>
    </main>
  );
}
