/** What an ARN says of an identity, as SQL over `arn`. Kinds, names and keys are those of CloudTrail's events, so that findings about one identity meet. */
export interface ArnIdentity {
  /** `person`, `role`, `user` or `service`; NULL where the ARN names no identity. */
  kind: string;
  name: string;
  /** The account of the identity. */
  account: string;
}

/** @param arn SQL for text: `arn:aws:iam::111122223333:user/anna`, `arn:aws:sts::111122223333:assumed-role/deploy/session` */
export function arnIdentity(arn: string): ArnIdentity {
  const account = `nullif(split_part(${arn}, ':', 5), '')`;
  const what = `split_part(${arn}, ':', 6)`;
  const isIdentity = `regexp_matches(${arn}, '^arn:[^:]*:(iam|sts)::')`;
  const isSession = `starts_with(${what}, 'assumed-role/')`;
  const last = `nullif(split_part(${what}, '/', -1), '')`;
  const role = `CASE WHEN ${isSession} THEN nullif(split_part(${what}, '/', 2), '') ELSE ${last} END`;
  const isPerson = `${isSession} AND ${isPersonal(`split_part(${what}, '/', 2)`, `split_part(${what}, '/', 3)`)} AND ${last} IS NOT NULL`;
  return {
    kind: `CASE WHEN NOT coalesce(${isIdentity}, false) THEN NULL WHEN ${isPerson} THEN 'person' WHEN (${isSession} OR starts_with(${what}, 'role/')) AND ${role} IS NOT NULL THEN 'role' WHEN ${what} = 'root' OR starts_with(${what}, 'user/') AND ${last} IS NOT NULL THEN 'user' END`,
    name: `CASE WHEN ${isPerson} THEN lower(${last}) WHEN ${what} = 'root' THEN 'root' ELSE ${role} END`,
    account,
  };
}

/** Whether a role's session is a person's: single sign-on made the role (its name says so), or an e-mail address names the session. */
export function isPersonal(role: string, session: string): string {
  return `(starts_with(${role}, 'AWSReservedSSO_') OR contains(${session}, '@'))`;
}
