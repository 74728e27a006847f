import { api } from "@corduroy/contract";
import { Link } from "@tanstack/react-router";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { PLACES } from "../keys/table.ts";
import { Brand } from "../parts/Brand.tsx";
import { call } from "./connection.ts";
import { sessionQuery, useSession } from "./session.ts";
import { applyTheme, nextTheme, storedTheme } from "./theme.ts";
import { useVerb } from "./verbs.ts";

const THEME_NAMES = { system: "Theme: system", light: "Theme: light", dark: "Theme: dark" };
/** What has room at the foot of a phone; the others are behind "More". */
const ON_PHONE = 4;

/** The bar at the top: pages, whether news comes in, help, and the person's menu. */
export function TopBar({ connected, onHelp }: { connected: boolean; onHelp: () => void }): ReactNode {
  return (
    <header className="top">
      <Link to="/" className="brand">
        <Brand />
        Corduroy
      </Link>
      <nav className="rooms" aria-label="Pages">
        {PLACES.map(({ to, text }) => (
          <Link key={to} to={to} activeOptions={{ exact: to === "/" }} activeProps={{ className: "active" }}>
            {text}
          </Link>
        ))}
      </nav>
      <div className="side">
        <span className={connected ? "live" : "live off"} role="status" title={connected ? "Lists follow what happens" : "No live connection; trying again"}>
          <i aria-hidden="true" />
          {connected ? "Live" : "Not live"}
        </span>
        <button type="button" className="button desk" onClick={onHelp} aria-keyshortcuts="?">
          Keys <kbd aria-hidden="true">?</kbd>
        </button>
        <PersonMenu />
      </div>
    </header>
  );
}

function PersonMenu(): ReactNode {
  const session = useSession();
  const queries = useQueryClient();
  const [theme, setTheme] = useState(storedTheme);
  const leave = useVerb(() => call(api.session.signOut), {
    onDone: () => {
      // Not `clear`: it would take the session away from the shell that watches it, and the shell would stay.
      queries.setQueryData(sessionQuery.queryKey, null);
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionQuery.queryKey[0] });
    },
  });
  return (
    <details className="menu" onBlur={closeWhenLeft}>
      <summary>{session?.user.name}</summary>
      <div>
        <p>
          {session?.user.email}
          <br />
          {session?.user.roles.join(", ")}
        </p>
        <Link to="/settings/$section" params={{ section: "security" }}>
          Second factors and sessions
        </Link>
        <button
          type="button"
          onClick={() => {
            applyTheme(nextTheme(theme));
            setTheme(nextTheme(theme));
          }}
        >
          {THEME_NAMES[theme]}
        </button>
        <button type="button" onClick={() => leave.mutate()}>
          Sign out
        </button>
      </div>
    </details>
  );
}

/** The pages within reach of a thumb. */
export function TabBar(): ReactNode {
  return (
    <nav className="tabbar" aria-label="Pages, for small screens">
      {PLACES.slice(0, ON_PHONE).map(({ to, text }) => (
        <Link key={to} to={to} activeOptions={{ exact: to === "/" }} activeProps={{ className: "active" }}>
          {text}
        </Link>
      ))}
      <details className="menu" onBlur={closeWhenLeft}>
        <summary>More</summary>
        <div>
          {PLACES.slice(ON_PHONE).map(({ to, text }) => (
            <Link key={to} to={to}>
              {text}
            </Link>
          ))}
        </div>
      </details>
    </nav>
  );
}

/** Closes a menu that the focus leaves, or in which a link was followed. */
function closeWhenLeft(event: React.FocusEvent<HTMLDetailsElement>): void {
  if (!event.currentTarget.contains(event.relatedTarget)) event.currentTarget.open = false;
}
