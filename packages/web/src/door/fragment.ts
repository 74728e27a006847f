import { useEffect, useState } from "react";

/** Takes the secret out of the address, so that it stays neither in the bar nor in the history. It never reaches a server: fragments do not. */
function takeFragment(): string {
  const secret = window.location.hash.slice(1);
  if (secret !== "") window.history.replaceState(window.history.state, "", window.location.pathname);
  return secret;
}

/** The secret of the link that was opened, also when it was put into a page that is open already; empty without one. */
export function useLinkSecret(): string {
  const [secret, setSecret] = useState(takeFragment);
  useEffect(() => {
    const look = (): void => {
      const another = takeFragment();
      if (another !== "") setSecret(another);
    };
    window.addEventListener("hashchange", look);
    return () => window.removeEventListener("hashchange", look);
  }, []);
  return secret;
}
