import { CorduroyError, Unavailable } from "../../kernel/index.ts";

/** What is asked of AWS. */
interface AskedOfAws {
  /** `queue https://…`, `detector 12ab… in eu-west-1` */
  what: string;
  /** Errors that say there is no such thing. */
  unknown: RegExp;
  /** What the identity must be allowed to. */
  needs: string;
}

const PLAIN = /^[A-Za-z0-9_.-]{1,80}$/;

/** A refused or failed request to AWS, in words. Of the error only its name and codes are shown: its text may quote keys or tokens. */
export function awsFailure(error: unknown, { what, unknown, needs }: AskedOfAws): CorduroyError {
  if (error instanceof CorduroyError) return error;
  const { name, code, $metadata } = error as { name?: unknown; code?: unknown; $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  const plain = [name, code].find((each): each is string => typeof each === "string" && PLAIN.test(each)) ?? "unknown error";
  const told = (message: string, hint: string): Unavailable => new Unavailable(message, { hint, cause: error });
  if (name === "CredentialsProviderError") return told("No AWS credentials were found.", "Give the service's machine a role, or its environment AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.");
  if (unknown.test(plain)) return told(`There is no ${what}.`, "Check its address, its region and whose it is.");
  if (/Expired/.test(plain)) return told("The AWS credentials have expired.", "Renew them in the service's environment.");
  if (/InvalidClientTokenId|InvalidAccessKeyId|UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch|InvalidSecurity/.test(plain)) return told(`AWS does not accept these credentials (${plain}).`, "Check the credentials in the service's environment.");
  if (status === 401 || status === 403) return told(`Access to the ${what} is denied.`, `The identity in use needs ${needs}.`);
  return told(`The ${what} cannot be asked (${plain}${status === undefined ? "" : `, status ${status}`}).`, "It is tried again by itself. If this goes on, check the network and the region.");
}
