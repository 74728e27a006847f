import { ApiError } from "@corduroy/contract";

/** The part of a browser's address that says whether passkeys work there. */
type Place = Pick<Location, "hostname" | "port" | "protocol">;

/**
 * What a browser's refusal means, in plain words (the errors of Web Authentication Level 3, sections 5.1.3 and 5.1.4); anything else stays what it is.
 * @param place where the page is, for the address to go to instead
 */
export function passkeyRefusal(error: unknown, place: Place): unknown {
  if (!(error instanceof Error) || error instanceof ApiError) return error;
  if (error.name === "NotAllowedError") return said("No passkey was used.", "It was cancelled, it took too long, or this device has none for this site. Try again, or go another way.");
  if (error.name === "InvalidStateError") return said("This device holds a passkey of yours already.", "Use that one, or add another on another device.");
  if (error.name === "SecurityError") return said(`Passkeys work under a name, and ${place.hostname} is none.`, elsewhere(place));
  if (/not supported/i.test(error.message)) return said("This browser offers no passkeys here.", "They need HTTPS, or localhost, and a browser of the last years. An authenticator app works everywhere.");
  return error;
}

function elsewhere({ hostname, port, protocol }: Place): string {
  const loopback = hostname.startsWith("127.") || hostname === "[::1]";
  return loopback ? `Open ${protocol}//localhost${port === "" ? "" : `:${port}`} instead; the account is the same.` : "Open the service under its name, over HTTPS.";
}

function said(detail: string, hint: string): ApiError {
  return new ApiError({ type: "about:blank", title: "No passkey", status: 0, detail, hint });
}
