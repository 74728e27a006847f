import type { FindingDetail } from "@corduroy/contract";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Hostile } from "../parts/Hostile.tsx";
import { LevelMark } from "../parts/LevelMark.tsx";
import { countOf } from "../parts/measures.ts";
import { Panel } from "../parts/Page.tsx";
import { Ago } from "../parts/When.tsx";
import { NO_FILTER } from "./filter.ts";
import { stateName } from "./names.ts";

/** Other findings on the same entity. */
export function Related({ finding }: { finding: FindingDetail }): ReactNode {
  return (
    <Panel title="About the same entity" side={<Link to="/findings" search={{ ...NO_FILTER, state: "all", entity: finding.entity.key }}>all, closed ones too</Link>}>
      {finding.related.length === 0 && <p className="dim">Nothing else is known of this entity.</p>}
      <ul className="related">
        {finding.related.map((other) => (
          <li key={other.id}>
            <LevelMark level={other.level} />
            <span>
              <Link to="/findings/$id" params={{ id: other.id }} data-open>
                {other.rule.title}
              </Link>
              {other.entity.key !== finding.entity.key && <> by <Hostile text={other.entity.name} limit={80} /></>}
              <small>
                {stateName(other.state)}, {countOf(other.count, "match", "matches")}, <Ago time={other.lastSeen} />
              </small>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
