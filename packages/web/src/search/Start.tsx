import type { ReactNode } from "react";
import { Panel } from "../parts/Page.tsx";

const EXAMPLES: [string, string][] = [
  ["Who failed to do what", "select entity_name, operation, outcome, count(*) as n\nfrom events\nwhere outcome <> 'success' and time > now() - interval 1 day\ngroup by all\norder by n desc\nlimit 50"],
  ["Events in each hour", "select date_trunc('hour', time) as hour, count(*) as n\nfrom events\nwhere time > now() - interval 2 day\ngroup by 1\norder by 1"],
  ["Everything from one address", "select time, operation, entity_name, resource, outcome\nfrom events\nwhere address = '192.0.2.159'\norder by time\nlimit 500"],
];

/** Before the first answer: what was asked lately, and examples. */
export function Start({ recent, onChoose }: { recent: string[]; onChoose: (sql: string) => void }): ReactNode {
  return (
    <>
      {recent.length > 0 && (
        <Panel title="Recent queries in this browser">
          <ul className="recent">
            {recent.map((sql) => (
              <li key={sql}>
                <button type="button" className="linky" data-open title={sql} onClick={() => onChoose(sql)}>
                  {sql.replaceAll(/\s+/g, " ")}
                </button>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <Panel title="To begin with">
        <ul className="recent">
          {EXAMPLES.map(([name, sql]) => (
            <li key={name}>
              <button type="button" className="linky" data-open onClick={() => onChoose(sql)}>
                {name}
              </button>
            </li>
          ))}
        </ul>
      </Panel>
    </>
  );
}
