/** Takes the secret out of the address, so that it stays neither in the bar nor in the history. It never reaches a server: fragments do not. */
export function takeFragment(): string {
  const secret = window.location.hash.slice(1);
  if (secret !== "") window.history.replaceState(window.history.state, "", window.location.pathname);
  return secret;
}
