import type { FindingDetail } from "@corduroy/contract";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Panel } from "../parts/Page.tsx";
import { WebLink } from "../parts/WebLink.tsx";

/** What the rule looks for, what to do, what it is mistaken for, and where to read on. */
export function WhatToDo({ finding }: { finding: FindingDetail }): ReactNode {
  return (
    <>
      {finding.nextSteps.length > 0 && (
        <Panel title="What to do">
          <ol className="bullets">
            {finding.nextSteps.map((step, i) => (
              <li key={i}>{step}</li>
            ))}
          </ol>
        </Panel>
      )}
      <Panel title="What it means">
        <p>{finding.description}</p>
        {finding.falsePositives.length > 0 && (
          <>
            <h3 className="dim">May be harmless when</h3>
            <ul className="bullets">
              {finding.falsePositives.map((each, i) => (
                <li key={i}>{each}</li>
              ))}
            </ul>
          </>
        )}
      </Panel>
      <Panel title="Rule">
        <p>
          <Link to="/rules/$id" params={{ id: finding.rule.id }}>
            {finding.rule.title}
          </Link>
        </p>
        <p className="small dim">{[...finding.tactics, ...finding.techniques].join(" · ")}</p>
        {finding.references.length > 0 && (
          <ul className="bullets small">
            {finding.references.map((reference) => (
              <li key={reference}>
                <WebLink url={reference} />
              </li>
            ))}
          </ul>
        )}
      </Panel>
    </>
  );
}
