import * as z from "zod";
import { Unavailable } from "../../kernel/index.ts";
import type { AwsKeys } from "../inputs/index.ts";

/** How a role is called. */
export const roleName = z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/, "A role is named by its ARN: arn:aws:iam::111122223333:role/corduroy");

/** Keys of a role, and when they end. */
export interface RoleKeys extends AwsKeys {
  expiration: Date;
}

/** New keys are fetched so long before the old ones end: an object that takes long to read begins with keys that last. */
const SPARE_MS = 15 * 60_000;
/** How the role's owner finds us in its own trail. */
const SESSION = "corduroy";

/**
 * Acts as a role, by the credentials of the environment (AWS STS AssumeRole).
 * @returns the role's keys, good for a quarter of an hour at least; they are kept until then, in memory only
 */
export function assumedRole(role: string): () => Promise<RoleKeys> {
  let kept: Promise<RoleKeys> | null = null;
  return async () => {
    const keys = await kept?.catch(() => null);
    if (keys && keys.expiration.getTime() - Date.now() > SPARE_MS) return keys;
    return (kept = assume(role));
  };
}

async function assume(role: string): Promise<RoleKeys> {
  const { AssumeRoleCommand, STSClient } = await import("@aws-sdk/client-sts");
  const client = new STSClient({ requestHandler: { connectionTimeout: 5_000, requestTimeout: 20_000, throwOnRequestTimeout: true } });
  try {
    const { Credentials: given } = await client.send(new AssumeRoleCommand({ RoleArn: role, RoleSessionName: SESSION }));
    if (!given?.AccessKeyId || !given.SecretAccessKey || !given.SessionToken || !given.Expiration) throw new Error("no keys in the answer");
    return { accessKeyId: given.AccessKeyId, secretAccessKey: given.SecretAccessKey, sessionToken: given.SessionToken, expiration: given.Expiration };
  } catch (cause) {
    const status = (cause as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    const why = status === 403 ? "AWS does not let this machine's identity act as it" : "AWS gives no keys for it";
    throw new Unavailable(`The role ${role} cannot be used: ${why}.`, { hint: "The identity needs sts:AssumeRole on the role, and the role's trust policy must name that identity.", cause });
  } finally {
    client.destroy();
  }
}
