import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { CopyButton } from "../parts/Copy.tsx";

/** The way to the first stored event on a new installation, with lines that work when they are pasted. */
export function FirstSteps(): ReactNode {
  const { origin } = window.location;
  const send = `curl -sS ${origin}/v1/events/aws.cloudtrail \\\n  -H "Authorization: Bearer $CORDUROY_TOKEN" \\\n  -H "Content-Type: application/json" \\\n  --data-binary @events.json`;
  const watch = `export CORDUROY_URL=${origin}\ncorduroy watch ./AWSLogs`;
  return (
    <section className="panel stack">
      <div>
        <h2>No events yet: three steps to the first one</h2>
        <p className="dim">As soon as an event is stored, the rules look at it. What they find stands under <Link to="/">Now</Link>.</p>
      </div>
      <ol className="steps">
        <li>
          <Link to="/settings/$section" params={{ section: "tokens" }}>
            Make a token
          </Link>{" "}
          that may hand in events of aws.cloudtrail (<code>events:aws.cloudtrail</code>), and put it into <code>CORDUROY_TOKEN</code>.
        </li>
        <li>
          Send a file of CloudTrail events, plain or gzip:
          <Line text={send} />
        </li>
        <li>
          Or follow a folder, and send what is new in it:
          <Line text={watch} />
        </li>
      </ol>
      <p className="dim">
        Logs of Okta, GitHub and Microsoft Entra, and what arrives in S3, are collected by themselves: <Link to="/sources">add a collector under Sources</Link>.
      </p>
    </section>
  );
}

function Line({ text }: { text: string }): ReactNode {
  return (
    <>
      <pre tabIndex={0} aria-label="Command">{text}</pre>
      <CopyButton text={text} />
    </>
  );
}
