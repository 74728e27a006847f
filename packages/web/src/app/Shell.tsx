import { Outlet, useLocation, useNavigate, useRouter } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { Brand } from "../parts/Brand.tsx";
import { Door } from "../door/Door.tsx";
import { KeysHelp } from "../keys/KeysHelp.tsx";
import { PLACES } from "../keys/table.ts";
import { listenToKeys, moveFocus, useKeys } from "../keys/useKeys.ts";
import { useLive } from "../findings/useLive.ts";
import { Bones, Trouble } from "../parts/States.tsx";
import { sessionQuery } from "./session.ts";
import { TabBar, TopBar } from "./TopBar.tsx";

/** Everything around a page; leads to the sign-in page, and back, when nobody has signed in. */
export function Shell(): ReactNode {
  const session = useQuery(sessionQuery);
  if (session.isPending) return <Beginning />;
  if (session.data === undefined) {
    return (
      <Door title="Corduroy cannot be reached">
        <Trouble error={session.error} again={() => void session.refetch()} />
      </Door>
    );
  }
  if (session.data === null || session.data.stage !== "full") return <ToSignIn />;
  return <SignedIn />;
}

/** While the service says who has signed in: at once, or when it is in trouble after a while. */
function Beginning(): ReactNode {
  return (
    <>
      <header className="top">
        <span className="brand">
          <Brand />
          Corduroy
        </span>
      </header>
      <main id="main">
        <Bones />
      </main>
    </>
  );
}

/** Leads to the sign-in page once. Not `<Navigate>`: it would go again when the address changes, and name the sign-in page as the place to return to. */
function ToSignIn(): ReactNode {
  const navigate = useNavigate();
  const [from] = useState(useLocation().href);
  useEffect(() => {
    void navigate({ to: "/sign-in", search: from === "/" ? {} : { to: from }, replace: true });
  }, [navigate, from]);
  return null;
}

function SignedIn(): ReactNode {
  const connected = useLive();
  const [help, setHelp] = useState(false);
  const main = useRef<HTMLElement>(null);
  useFocusOnNewPage(main);
  useGlobalKeys(() => setHelp(true));
  return (
    <>
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <TopBar connected={connected} onHelp={() => setHelp(true)} />
      <main id="main" ref={main} tabIndex={-1}>
        <Outlet />
      </main>
      <TabBar />
      {help && <KeysHelp onClose={() => setHelp(false)} />}
    </>
  );
}

/** After a change of page the focus begins at its top, so that the next Tab or a screen reader goes on from there. */
function useFocusOnNewPage(main: React.RefObject<HTMLElement | null>): void {
  const { pathname } = useLocation();
  const last = useRef(pathname);
  useEffect(() => {
    if (last.current === pathname) return;
    last.current = pathname;
    if (main.current?.contains(document.activeElement) !== true) main.current?.focus({ preventScroll: true });
  }, [pathname, main]);
}

function useGlobalKeys(showHelp: () => void): void {
  const navigate = useNavigate();
  const router = useRouter();
  useEffect(listenToKeys, []);
  useKeys({
    ...Object.fromEntries(PLACES.map(({ keys, to }) => [keys, () => void navigate({ to })])),
    j: () => moveFocus(1),
    k: () => moveFocus(-1),
    o: () => {
      if (document.activeElement instanceof HTMLElement && document.activeElement.matches("[data-open]")) document.activeElement.click();
    },
    "/": () => {
      const field = document.querySelector<HTMLElement>("[data-slash] .cm-content, input[data-slash], [data-slash] textarea");
      if (field === null) void navigate({ to: "/findings", hash: "find" });
      else field.focus();
    },
    Escape: () => {
      if (router.history.canGoBack()) router.history.back();
    },
    "?": showHelp,
  });
}
