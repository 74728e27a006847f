import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";

export interface FakeSmtpOptions {
  /** Whether it offers STARTTLS, with a certificate that nobody trusts. */
  startTls: boolean;
  /** The login that it wants before anything else; nobody needs to log in where nothing is said. */
  login?: { username: string; password: string };
}

/** Where in the conversation something goes wrong: an answer with an SMTP code, or, at `connect`, silence. */
export type SmtpFault = { at: "mail" | "recipient" | "data"; code: number } | { at: "connect"; code: "hang" };

export interface ReceivedMail {
  from: string;
  to: string[];
  /** Whether the conversation was encrypted. */
  secure: boolean;
  user: string | undefined;
  /** By lower-case name, unfolded, in order. */
  headers: [string, string][];
  /** What stands behind the headers, as it came. */
  body: string;
}

export interface FakeSmtp {
  readonly port: number;
  /** `127.0.0.1:port` */
  readonly place: string;
  readonly mails: readonly ReceivedMail[];
  /** What goes wrong from now on; without an argument, nothing. */
  fail(fault?: SmtpFault): void;
  stop(): Promise<void>;
}

/** Starts a mail server on a free port of the loopback interface; addresses whose local part is `nobody` do not exist there. */
export async function fakeSmtp(options: FakeSmtpOptions): Promise<FakeSmtp> {
  const mails: ReceivedMail[] = [];
  let fault: SmtpFault | undefined;
  const failing = (at: SmtpFault["at"]): Error | undefined => (fault?.at === at && fault.code !== "hang" ? refusal(fault.code) : undefined);

  const server = new SMTPServer({
    logger: false,
    hideSTARTTLS: !options.startTls,
    disabledCommands: [...(options.startTls ? [] : ["STARTTLS"]), ...(options.login === undefined ? ["AUTH"] : [])],
    authOptional: options.login === undefined,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    closeTimeout: 1,
    onConnect: (_session, next) => {
      if (fault?.at !== "connect") next();
    },
    onAuth: ({ username, password }, _session, next) => {
      if (username === options.login?.username && password === options.login?.password) next(null, { user: username });
      else next(refusal(535));
    },
    onMailFrom: (_address, _session, next) => next(failing("mail")),
    onRcptTo: ({ address }, _session, next) => next(address.startsWith("nobody@") ? refusal(550) : failing("recipient")),
    onData: (stream, session, next) => {
      void received(stream).then((source) => {
        const wrong = failing("data");
        if (wrong === undefined) mails.push(mailOf(source, session));
        next(wrong);
      });
    },
  });
  server.on("error", () => undefined);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    place: `127.0.0.1:${port}`,
    mails,
    fail: (next) => {
      fault = next;
    },
    stop: () => new Promise((stopped) => server.close(stopped)),
  };
}

function refusal(code: number): Error {
  return Object.assign(new Error("The fake refuses it"), { responseCode: code });
}

async function received(stream: SMTPServerDataStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function mailOf(source: string, session: SMTPServerSession): ReceivedMail {
  const { mailFrom, rcptTo } = session.envelope;
  const end = source.indexOf("\r\n\r\n");
  const headers = source.slice(0, end).replaceAll(/\r\n[ \t]+/g, " ").split("\r\n").map((line): [string, string] => {
    const [name = "", ...rest] = line.split(":");
    return [name.toLowerCase(), rest.join(":").trim()];
  });
  return {
    from: mailFrom === false ? "" : mailFrom.address,
    to: rcptTo.map(({ address }) => address),
    secure: session.secure,
    user: session.user === undefined ? undefined : String(session.user),
    headers,
    body: source.slice(end + 4),
  };
}
