import { api } from "@corduroy/contract";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { call } from "../app/connection.ts";
import { useVerb } from "../app/verbs.ts";
import { Button } from "../parts/Button.tsx";
import { bytesText, countOf, countText } from "../parts/measures.ts";
import { Panel } from "../parts/Page.tsx";
import { Loaded } from "../parts/States.tsx";
import { Ago } from "../parts/When.tsx";

/** What the service is and where it keeps things. */
export function ServiceFacts(): ReactNode {
  const settings = useQuery({ queryKey: ["settings"], queryFn: () => call(api.admin.settings) });
  const check = useVerb(() => call(api.admin.checkLake), { refresh: [["settings"]] });
  return (
    <Loaded query={settings} rows={6}>
      {(facts) => (
        <>
          <Panel title="Service">
            <dl className="facts">
              <div><dt>Version</dt><dd>{facts.version}{facts.demo && " (demonstration)"}</dd></div>
              <div><dt>Data folder</dt><dd className="mono">{facts.dataFolder}</dd></div>
              <div><dt>Database</dt><dd>{facts.database === "embedded" ? "PostgreSQL, started by the service" : "PostgreSQL outside"}</dd></div>
              <div><dt>TLS</dt><dd>{facts.tls ? "yes" : <span className="bad">no: put a proxy with TLS in front, or give it a certificate</span>}</dd></div>
              <div><dt>Audit seals</dt><dd>{facts.anchored ? "kept outside too" : "kept only here"}</dd></div>
            </dl>
          </Panel>
          <Panel title="Lake" side={<Button needs="lake.maintain" busy={check.isPending} onClick={() => check.mutate()}>{check.isPending ? "Checking…" : "Check every part"}</Button>}>
            <dl className="facts">
              <div><dt>Size</dt><dd>{bytesText(facts.lake.bytes)} in {countText(facts.lake.parts)} parts</dd></div>
              <div><dt>Checked</dt><dd><Ago time={facts.lake.checkedAt} /></dd></div>
              {facts.lake.problem !== null && <div><dt>Problem</dt><dd className="bad">{facts.lake.problem}</dd></div>}
            </dl>
            {check.data !== undefined && (
              <div role="status">
                <p>{check.data.problems.length === 0 ? `All ${countOf(check.data.parts, "part")} are as the manifest says (${bytesText(check.data.bytes)}).` : `${countOf(check.data.problems.length, "problem")}:`}</p>
                <ul className="bullets bad">{check.data.problems.map((problem) => <li key={problem}>{problem}</li>)}</ul>
              </div>
            )}
          </Panel>
        </>
      )}
    </Loaded>
  );
}
