import type { Socket } from "node:net";
import { createTransport, type SendMailOptions, type Transporter } from "nodemailer";
import type * as z from "zod";
import type { Outbound } from "../net/index.ts";
import { htmlOf, textOf } from "./emailText.ts";
import { messageDigest, threadDigest } from "./messageDigest.ts";
import { RETRY_SECONDS } from "./outcome.ts";
import type { AlertMessage, Delivery, emailDestination } from "./schemas.ts";
import { readable, shown } from "./text.ts";

type EmailDestination = z.infer<typeof emailDestination>;

/** RFC 5322 would allow 998 octets; more than this is cut by every reader. */
const SUBJECT = 200;

/**
 * Hands a mail, plain text and HTML, to an SMTP server. TLS with a checked certificate is required, unless the server is on the allow-list of
 * `outbound`: such a server may do without, and if it does offer TLS its certificate is not checked, which is still better than none.
 */
export async function deliverEmail(to: EmailDestination, message: AlertMessage, outbound: Outbound): Promise<Delivery> {
  const { socket, listed } = await outbound.connect(to.host, to.port);
  try {
    const { accepted = [], rejected = [] } = await transportOver(socket, listed, to).sendMail(mailOf(to, message, outbound.now()));
    const refused = rejected.length === 0 ? "" : `; it refused ${rejected.length}`;
    return { outcome: "delivered", detail: `The mail server took it for ${accepted.length} of ${accepted.length + rejected.length} recipients${refused}.` };
  } catch (error) {
    return outcomeOfSmtp(error);
  } finally {
    socket.destroy();
  }
}

function transportOver(socket: Socket, listed: boolean, { host, port, login }: EmailDestination): Transporter {
  return createTransport({
    connection: socket,
    host,
    port,
    secure: port === 465,
    requireTLS: !listed,
    tls: { rejectUnauthorized: !listed, minVersion: "TLSv1.2" },
    ...(login === undefined ? {} : { auth: { user: login.username, pass: login.password } }),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function mailOf({ from, to }: EmailDestination, message: AlertMessage, now: Date): SendMailOptions {
  const content = readable(message);
  const domain = from.slice(from.lastIndexOf("@") + 1);
  return {
    from: { name: "Corduroy", address: from },
    to: to.map((address) => ({ name: "", address })),
    subject: shown(content.headline, SUBJECT),
    date: now,
    messageId: `<${messageDigest(message)}@${domain}>`,
    // What is about one thing is one thread in the reader's mailbox.
    references: `<${threadDigest(message)}@${domain}>`,
    headers: { "Auto-Submitted": "auto-generated" },
    text: textOf(message, content),
    html: htmlOf(message, content),
  };
}

/** Codes of OpenSSL and Node for a certificate that proves nothing: `DEPTH_ZERO_SELF_SIGNED_CERT`, `ERR_TLS_CERT_ALTNAME_INVALID`, … */
const UNTRUSTED = /CERT|^ERR_TLS|^UNABLE_TO/;

/** What an error of the mail library means. Its message is not repeated: it may quote the conversation. */
function outcomeOfSmtp(error: unknown): Delivery {
  const { responseCode, code, originalCode = code } = error as { responseCode?: unknown; code?: unknown; originalCode?: unknown };
  const answered = typeof responseCode === "number" ? responseCode : 0;
  if (answered >= 400 && answered < 500) return { outcome: "retry", after: RETRY_SECONDS, detail: `The mail server answered ${answered}.` };
  if (code === "ETLS" || (typeof originalCode === "string" && UNTRUSTED.test(originalCode))) return { outcome: "rejected", detail: "The mail server does not offer TLS that can be trusted." };
  if (code === "EAUTH") return { outcome: "rejected", detail: "The mail server refused the login." };
  if (answered >= 500) return { outcome: "rejected", detail: `The mail server answered ${answered}.` };
  return { outcome: "retry", after: RETRY_SECONDS, detail: `The mail server broke off (${typeof originalCode === "string" ? originalCode : "no reason given"}).` };
}
