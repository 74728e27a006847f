import { Link, useParams } from "@tanstack/react-router";
import { useEffect, useRef, type ReactNode } from "react";
import { PageHead } from "../parts/Page.tsx";
import { Empty } from "../parts/States.tsx";
import { Destinations } from "./Destinations.tsx";
import { People } from "./People.tsx";
import { Retention } from "./Retention.tsx";
import { Security } from "./Security.tsx";
import { ServiceFacts } from "./ServiceFacts.tsx";
import { Sessions } from "./Sessions.tsx";
import { Tokens } from "./Tokens.tsx";

const SECTIONS: { id: string; name: string; Section: () => ReactNode }[] = [
  { id: "people", name: "People", Section: People },
  { id: "tokens", name: "Tokens", Section: Tokens },
  { id: "destinations", name: "Destinations", Section: Destinations },
  { id: "retention", name: "Retention", Section: Retention },
  { id: "security", name: "Your sign-in", Section: Security },
  { id: "sessions", name: "Sessions", Section: Sessions },
  { id: "service", name: "Service", Section: ServiceFacts },
];

/** Everything that is set up, a section at a time. */
export function SettingsPage(): ReactNode {
  const { section } = useParams({ from: "/app/settings/$section" });
  const current = SECTIONS.find(({ id }) => id === section);
  const list = useRef<HTMLElement>(null);
  // On a phone the list is one line that scrolls.
  useEffect(() => list.current?.querySelector(`[href$="/${CSS.escape(section)}"]`)?.scrollIntoView({ block: "nearest", inline: "center" }), [section]);
  return (
    <>
      <PageHead title={current === undefined ? "Settings" : `Settings: ${current.name}`} />
      <div className="settings">
        <nav ref={list} aria-label="Settings">
          {SECTIONS.map(({ id, name }) => (
            <Link key={id} to="/settings/$section" params={{ section: id }} activeProps={{ className: "active" }}>
              {name}
            </Link>
          ))}
        </nav>
        <div className="stack">{current === undefined ? <Empty title="There is no such section"><p>Choose one of the list.</p></Empty> : <current.Section />}</div>
      </div>
    </>
  );
}
