import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface FakeSts {
  /** `http://127.0.0.1:port` */
  readonly endpoint: string;
  /** The session token that all keys of this fake carry: by it a request is seen to be made as the role. */
  readonly token: string;
  /** Roles that were asked for, in order. */
  readonly roles: readonly string[];
  stop(): Promise<void>;
}

const SIGNED = /^AWS4-HMAC-SHA256 Credential=[^/,\s]+\/[0-9]{8}\/[a-z0-9-]+\/sts\/aws4_request, ?SignedHeaders=[^,\s]+, ?Signature=[0-9a-f]{64}$/;

/**
 * Starts an STS on a free port of the loopback interface: AssumeRole of the Query protocol (version 2011-06-15), for the roles it is told of;
 * any other is refused with AccessDenied. The keys it gives are those of the other fakes, with a session token and for one hour.
 */
export async function fakeSts({ roles }: { roles: readonly string[] }): Promise<FakeSts> {
  const asked: string[] = [];
  const token = "token-of-the-role";
  const server = createServer((message, response) => {
    let body = "";
    message.setEncoding("utf8").on("data", (piece: string) => (body += piece));
    message.on("end", () => {
      const form = new URLSearchParams(body);
      const role = form.get("RoleArn") ?? "";
      const refuse = (status: number, code: string): void => void response.writeHead(status, { "content-type": "text/xml" }).end(`<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>The fake says ${code}</Message></Error><RequestId>0</RequestId></ErrorResponse>`);
      if (!SIGNED.test(message.headers.authorization ?? "")) return refuse(403, "InvalidClientTokenId");
      if (form.get("Action") !== "AssumeRole" || !form.get("RoleSessionName")) return refuse(400, "InvalidAction");
      asked.push(role);
      if (!roles.includes(role)) return refuse(403, "AccessDenied");
      const credentials = `<AccessKeyId>AKIAFAKEFAKEFAKEFAKE</AccessKeyId><SecretAccessKey>not-a-secret</SecretAccessKey><SessionToken>${token}</SessionToken><Expiration>${new Date(Date.now() + 3_600_000).toISOString()}</Expiration>`;
      return void response.writeHead(200, { "content-type": "text/xml" }).end(`<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>${credentials}</Credentials></AssumeRoleResult><ResponseMetadata><RequestId>0</RequestId></ResponseMetadata></AssumeRoleResponse>`);
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    roles: asked,
    stop: () =>
      new Promise((stopped) => {
        server.close(() => stopped());
        server.closeAllConnections();
      }),
  };
}
