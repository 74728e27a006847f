import { Forbidden, Invalid } from "@corduroy/core/kernel";

/** Where `corduroy up` listens unless it is told otherwise. */
export const DEFAULT_SERVER = "http://127.0.0.1:7117";

/**
 * The origin of a service, from what a person typed: `https://corduroy.example.com`.
 * @throws Invalid for anything but an http(s) address without path and credentials; Forbidden for plain HTTP over a network, where the token could be read
 */
export function serviceOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) throw new Invalid(`${text} is not the address of a service.`, { hint: `It looks like https://corduroy.example.com or ${DEFAULT_SERVER}.` });
  if (url.username !== "" || url.password !== "") throw new Invalid("An address carries no user or password.", { hint: "Leave them away, and log in: corduroy login" });
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") throw new Invalid(`${text} names more than a service.`, { hint: `Leave everything behind ${url.host} away.` });
  if (url.protocol === "http:" && !isLoopback(url.hostname)) throw new Forbidden(`${url.origin} is plain HTTP: on the way there anybody could read the token.`, { hint: `Use https://${url.host}, or a tunnel to a loopback address.` });
  return url.origin;
}

/** As browsers see it (Secure Contexts, 3.2): these names never leave the machine. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}
