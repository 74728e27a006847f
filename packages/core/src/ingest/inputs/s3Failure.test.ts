import { describe, expect, it } from "vitest";
import { s3Failure } from "./s3Failure.ts";

const attempt = { doing: "list", bucket: "trail", name: "AWSLogs/" } as const;

describe("s3Failure", () => {
  it.each([
    [{ name: "CredentialsProviderError", message: "Could not load credentials from any providers" }, "Set AWS_PROFILE", true],
    [{ name: "CredentialsProviderError", message: "The SSO session has expired" }, "aws sso login", true],
    [{ name: "ExpiredToken" }, "have expired", true],
    [{ name: "SignatureDoesNotMatch" }, "SignatureDoesNotMatch", true],
    [{ name: "NoSuchBucket" }, "no bucket trail", true],
    [{ name: "PermanentRedirect" }, "AWS_REGION", true],
    [{ name: "AccessDenied", $metadata: { httpStatusCode: 403 } }, "s3:ListBucket on the bucket trail", false],
    [{ name: "SlowDown", $metadata: { httpStatusCode: 503 } }, "slow down", false],
    [{ name: "InternalError", $metadata: { httpStatusCode: 500 } }, "InternalError, status 500", false],
    [{ name: "Error", code: "ENOTFOUND" }, "ENOTFOUND", false],
    [{ name: "TimeoutError" }, "no answer in time", false],
    [{ name: "SomethingNew", $metadata: { httpStatusCode: 418 } }, "SomethingNew, status 418", false],
  ])("%j", (error, words, everywhere) => {
    const failure = s3Failure(error, attempt);
    expect(failure.reason).toContain(words);
    expect(failure.everywhere).toBe(everywhere);
  });

  it("names what reading needs", () => {
    const denied = { name: "AccessDenied", $metadata: { httpStatusCode: 403 } };
    expect(s3Failure(denied, { doing: "read", bucket: "trail", name: "a.json" }).reason).toContain("s3:GetObject on s3://trail/a.json, and kms:Decrypt");
  });

  it("never repeats an error's text, nor a name that is none", () => {
    for (const name of ["CredentialsProviderError", "SignatureDoesNotMatch", "Other", "secret in a name\u001B[31m"]) {
      const { reason } = s3Failure({ name, message: "aws_secret_access_key=secret", code: "secret in a code" }, attempt);
      expect(reason).not.toMatch(/secret in|=secret|\u001B/);
    }
  });

  it("survives errors that are none", () => {
    expect(s3Failure("boom", attempt).reason).toContain("unknown error");
    expect(s3Failure(Object.create(null), attempt).reason).toContain("unknown error");
  });
});
