import { Random } from "./random.ts";

/** The path of the roles that single sign-on makes. */
const SIGN_ON_PATH = "/aws-reserved/sso.amazonaws.com/eu-central-1/";

/** A role's unique id. It follows from account and name, so that everybody who uses the role agrees on it, in every region. */
export function roleId(accountId: string, role: string): string {
  return `AROA${new Random(0, `role ${accountId} ${role}`).base32(10)}EXAMPLE`;
}

/** An IAM user's unique id. */
export function userId(accountId: string, user: string): string {
  return `AIDA${new Random(0, `user ${accountId} ${user}`).base32(10)}EXAMPLE`;
}

/** A key of temporary credentials, with the word EXAMPLE in it. */
export function temporaryKey(random: Random): string {
  return `ASIA${random.base32(9)}EXAMPLE`;
}

/** A long-term access key, with the word EXAMPLE in it. */
export function accessKey(random: Random): string {
  return `AKIA${random.base32(9)}EXAMPLE`;
}

/** The role behind a permission set in one account. */
export function signOnRole(accountId: string, permissionSet: string): { role: string; rolePath: string; roleId: string } {
  const role = `AWSReservedSSO_${permissionSet}_${new Random(0, `permission set ${accountId} ${permissionSet}`).hex(16)}`;
  return { role, rolePath: SIGN_ON_PATH, roleId: roleId(accountId, role) };
}

/** The id in the OIDC issuer of an account's Kubernetes cluster in one region. */
export function clusterId(accountId: string, region: string): string {
  return new Random(0, `cluster ${accountId} ${region}`).hex(32).toUpperCase();
}

/** The id in the name of the SAML provider that single sign-on makes in an account. */
export function signOnProvider(accountId: string): string {
  return new Random(0, `provider ${accountId}`).hex(16);
}
