import { isoSeconds } from "./times.ts";

/** Who makes a request, from where and with what: the parts of a record that stay the same for a session. */
export interface Caller {
  /** `userIdentity` as JSON. */
  readonly identity: string;
  /** The same with the empty `webIdFederationData` that older record versions carry. */
  readonly oldIdentity: string;
  /** What error messages call the caller. */
  readonly arn: string;
  /** Source address and user agent as the record's text after the region; S3 puts the agent in brackets. */
  readonly from: string;
  readonly fromS3: string;
  /** The VPC endpoint the request came through. */
  readonly endpoint: string | null;
  /** A service of AWS: its requests carry no TLS details. */
  readonly internal: boolean;
  /** The session was opened in the console. */
  readonly console: boolean;
}

interface Origin {
  readonly address: string;
  readonly agent: string;
  readonly endpoint?: string;
  readonly console?: boolean;
}

/** A role session: what `sts:AssumeRole` and its kin hand out. */
interface RoleSession {
  readonly account: string;
  readonly role: string;
  readonly rolePath: string;
  readonly roleId: string;
  readonly session: string;
  readonly accessKeyId: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** `webIdFederationData` as JSON, for sessions that started from an OIDC token. */
  readonly federation?: string;
  /** Credentials that an instance got from its metadata service. */
  readonly fromInstance?: boolean;
}

function caller(identity: string, oldIdentity: string, arn: string, origin: Origin): Caller {
  const address = `","sourceIPAddress":"${origin.address}","userAgent":"`;
  return {
    identity,
    oldIdentity,
    arn,
    from: `${address}${origin.agent}"`,
    fromS3: `${address}[${origin.agent}]"`,
    endpoint: origin.endpoint ?? null,
    internal: false,
    console: origin.console ?? false,
  };
}

/** Requests by a service of AWS name it where others have an address. */
function fromService(principal: string): Pick<Caller, "from" | "fromS3" | "endpoint" | "internal"> {
  const from = `","sourceIPAddress":"${principal}","userAgent":"${principal}"`;
  return { from, fromS3: from, endpoint: null, internal: true };
}

/** A caller that has assumed a role. */
export function roleCaller(session: RoleSession, origin: Origin): Caller {
  const arn = `arn:aws:sts::${session.account}:assumed-role/${session.role}/${session.session}`;
  const head =
    `{"type":"AssumedRole","principalId":"${session.roleId}:${session.session}","arn":"${arn}","accountId":"${session.account}",` +
    `"accessKeyId":"${session.accessKeyId}","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"${session.roleId}",` +
    `"arn":"arn:aws:iam::${session.account}:role${session.rolePath}${session.role}","accountId":"${session.account}","userName":"${session.role}"},`;
  const tail = `"attributes":{"creationDate":"${isoSeconds(session.startedAt)}","mfaAuthenticated":"false"}${session.fromInstance === true ? ',"ec2RoleDelivery":"2.0"' : ""}}}`;
  const federation = session.federation === undefined ? "" : `"webIdFederationData":${session.federation},`;
  return caller(head + federation + tail, `${head}${federation === "" ? '"webIdFederationData":{},' : federation}${tail}`, arn, origin);
}

/** A caller with a long-term access key of an IAM user. */
export function userCaller(user: { readonly account: string; readonly name: string; readonly userId: string; readonly accessKeyId: string }, origin: Origin): Caller {
  const arn = `arn:aws:iam::${user.account}:user/${user.name}`;
  const identity = `{"type":"IAMUser","principalId":"${user.userId}","arn":"${arn}","accountId":"${user.account}","accessKeyId":"${user.accessKeyId}","userName":"${user.name}"}`;
  return caller(identity, identity, arn, origin);
}

/** A caller with any other `userIdentity`, given as JSON. */
export function plainCaller(identity: string, origin: Origin): Caller {
  return caller(identity, identity, "anonymous", origin);
}

/** A service of AWS acting for itself, such as `config.amazonaws.com`. */
export function serviceCaller(principal: string): Caller {
  const identity = `{"type":"AWSService","invokedBy":"${principal}"}`;
  return { identity, oldIdentity: identity, arn: principal, console: false, ...fromService(principal) };
}

/** The same caller when a service of AWS makes the request in its name. */
export function through(original: Caller, principal: string): Caller {
  const invokedBy = `,"invokedBy":"${principal}"}`;
  return {
    ...original,
    identity: original.identity.slice(0, -1) + invokedBy,
    oldIdentity: original.oldIdentity.slice(0, -1) + invokedBy,
    ...fromService(principal),
  };
}
