/** A failed request in words. `everywhere` means that no other request for the bucket can succeed. */
export interface S3Failure {
  reason: string;
  everywhere: boolean;
}

/** What was being done: listing what starts with `name`, or reading the object `name`. */
export interface S3Attempt {
  doing: "list" | "read";
  bucket: string;
  name: string;
}

const SIGN_IN = "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in with: aws sso login";

/**
 * Says what failed, where, and what to do. Of the error only its name and codes are shown, never its text: that may quote
 * signatures, tokens or the command of a credential process.
 */
export function s3Failure(error: unknown, attempt: S3Attempt): S3Failure {
  const { name, code, status, message } = read(error);
  const { doing, bucket } = attempt;
  const location = `s3://${bucket}/${attempt.name}`;
  switch (name) {
    case "CredentialsProviderError":
      return /expired|sso/i.test(message)
        ? everywhere("The AWS sign-in has expired or is incomplete. Sign in again (aws sso login), then repeat the command.")
        : everywhere(`No AWS credentials were found. ${SIGN_IN}.`);
    case "TokenProviderError":
    case "ExpiredToken":
    case "ExpiredTokenException":
    case "TokenRefreshRequired":
    case "RequestExpired":
      return everywhere("The AWS credentials have expired. Sign in again (aws sso login, or fetch new keys), then repeat the command.");
    case "InvalidAccessKeyId":
    case "InvalidToken":
    case "SignatureDoesNotMatch":
      return everywhere(`AWS does not accept these credentials (${name}). Check AWS_PROFILE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.`);
    case "RequestTimeTooSkewed":
      return everywhere("This machine's clock is wrong by more than AWS allows. Set the clock.");
    case "NoSuchBucket":
      return everywhere(`There is no bucket ${bucket}. Check its name, and that AWS_PROFILE is of the right partition.`);
    case "PermanentRedirect":
    case "AuthorizationHeaderMalformed":
      return everywhere(`The bucket ${bucket} lies in another region. Set AWS_REGION to the bucket's region.`);
    case "NoSuchKey":
      return here("The object is gone: it was removed after it was listed. Run the command again.");
    case "PreconditionFailed":
      return here("The object has changed since it was listed. Run the command again.");
    case "InvalidObjectState":
      return here(`The object is archived (Glacier). Restore it first: aws s3api restore-object --bucket ${bucket} --key … --restore-request Days=7`);
    default:
      break;
  }
  if (status === 401 || status === 403) {
    const need = doing === "list" ? `s3:ListBucket on the bucket ${bucket}` : `s3:GetObject on ${location}, and kms:Decrypt where it is encrypted with a KMS key`;
    return here(`Access to ${location} is denied. The identity in use needs ${need}. Set AWS_PROFILE to one that has it.`);
  }
  if (status === 404) return here(`Nothing was found at ${location}. Check the name.`);
  if (status === 503 || status === 429) return here("S3 kept asking to slow down, also after many tries. Try again later.");
  if (status !== undefined && status >= 500) return here(`S3 kept failing (${name}, status ${status}), also after many tries. Try again later.`);
  if (code !== "" || name === "TimeoutError") {
    const why = code || "no answer in time";
    return here(`S3 cannot be reached, or the connection keeps breaking (${why}). Check the network, AWS_REGION and AWS_ENDPOINT_URL_S3.`);
  }
  return here(`S3 refused the request (${name}${status === undefined ? "" : `, status ${status}`}). Try it with the AWS command line to learn more.`);
}

const everywhere = (reason: string): S3Failure => ({ reason, everywhere: true });
const here = (reason: string): S3Failure => ({ reason, everywhere: false });

const PLAIN = /^[A-Za-z0-9_.-]{1,80}$/;

const plain = (value: unknown): string => (typeof value === "string" && PLAIN.test(value) ? value : "");

/** The few fields of the SDK's errors that are looked at; names and codes only where they are plain words. */
function read(error: unknown): { name: string; code: string; status: number | undefined; message: string } {
  const { name, code, message, $metadata } = error as { name?: unknown; code?: unknown; message?: unknown; $metadata?: { httpStatusCode?: unknown } };
  const status = $metadata?.httpStatusCode;
  return {
    name: plain(name) || "unknown error",
    code: plain(code),
    status: typeof status === "number" ? status : undefined,
    message: typeof message === "string" ? message : "",
  };
}
