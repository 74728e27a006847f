import { fakeSmtp, type FakeSmtp, type FakeSmtpOptions, type ReceivedMail } from "@corduroy/testkit";
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { Outbound } from "../net/index.ts";
import { deliver, destination, type AlertMessage, type Delivery, type Destination } from "./index.ts";
import { ACTING, HOSTILE_TEXTS, message, NOW, wayTo, withText } from "./test/messages.ts";

let smtp: FakeSmtp;
afterEach(() => smtp.stop());

async function start(options: FakeSmtpOptions = { startTls: false }): Promise<void> {
  smtp = await fakeSmtp(options);
}

function to(more: { to?: string[]; password?: string } = {}): Destination {
  const login = more.password === undefined ? {} : { login: { username: "corduroy", password: more.password } };
  return destination.parse({ type: "email", host: "127.0.0.1", port: smtp.port, from: "security@corp.example", to: more.to ?? ["payments@corp.example"], ...login });
}

const send = (what: AlertMessage, where = to(), timeoutMs?: number): Promise<Delivery> => deliver(where, what, wayTo(smtp.place, timeoutMs));
const header = (mail: ReceivedMail | undefined, name: string): string[] => (mail?.headers ?? []).filter(([each]) => each === name).map(([, value]) => value);

/** A server that is not on the allow-list, for the rules about TLS: its address would be refused, so the connection is made here. */
const unlisted: Outbound = {
  request: () => Promise.reject(new Error("not asked")),
  check: () => Promise.resolve(),
  connect: (host, port) => Promise.resolve({ socket: connect(port, host), listed: false }),
  now: () => NOW,
};

/** The parts of a mail, decoded. */
function parts(mail: ReceivedMail): { type: string; text: string }[] {
  const boundary = /boundary="([^"]+)"/.exec(header(mail, "content-type")[0] ?? "")?.[1] ?? "";
  return mail.body.split(`--${boundary}`).slice(1, -1).map((part) => {
    const [head = "", ...body] = part.trimStart().split("\r\n\r\n");
    const encoded = body.join("\r\n\r\n");
    const text = /base64/i.test(head)
      ? Buffer.from(encoded, "base64").toString("utf8")
      : /quoted-printable/i.test(head)
        ? Buffer.from(encoded.replaceAll("=\r\n", "").replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))), "latin1").toString("utf8")
        : encoded;
    return { type: /content-type: ([^;\r\n]+)/i.exec(head)?.[1] ?? "", text };
  });
}

describe("a mail", () => {
  it("shows everything that is known, as text and as a page", async () => {
    await start();
    expect(await send(message())).toEqual({ outcome: "delivered", detail: "The mail server took it for 1 of 1 recipients." });
    const mail = smtp.mails[0]!;
    expect([mail.from, mail.to, header(mail, "subject"), header(mail, "from"), header(mail, "to"), header(mail, "auto-submitted")]).toEqual([
      "security@corp.example",
      ["payments@corp.example"],
      ["[HIGH] anna stopped the audit log in production"],
      ["Corduroy <security@corp.example>"],
      ["payments@corp.example"],
      ["auto-generated"],
    ]);
    const [plain, page] = parts(mail);
    expect(plain).toMatchObject({ type: "text/plain" });
    expect(plain?.text.replaceAll("\r\n", "\n")).toContain("Check whether it was planned.\n\nAccount: 111122223333\nRegion: eu-west-1\n\nhigh · 2026-11-20T09:59:30Z\nhttps://corduroy.corp.example/findings/");
    expect(page).toMatchObject({ type: "text/html", text: expect.stringContaining('<a href="https://corduroy.corp.example/findings/ab12cd34ab12cd34?tab=a&amp;b=c">Open in Corduroy</a>') as string });
  });

  it("has one name at every attempt, and is in one thread with others about the same thing", async () => {
    await start();
    for (const kind of ["finding", "finding", "resolved"] as const) await send(message({ kind }));
    const ids = smtp.mails.map((mail) => header(mail, "message-id")[0]);
    expect([ids[0] === ids[1], ids[1] === ids[2], new Set(smtp.mails.map((mail) => header(mail, "references")[0])).size]).toEqual([true, false, 1]);
  });

  it.each(HOSTILE_TEXTS)("gets no header, recipient, tag or link from %.40j in every place", async (text) => {
    await start();
    expect((await send(withText(text))).outcome).toBe("delivered");
    const mail = smtp.mails[0]!;
    expect(mail.headers.map(([name]) => name).sort()).toEqual(["auto-submitted", "content-type", "date", "from", "message-id", "mime-version", "references", "subject", "to"]);
    expect(mail.to).toEqual(["payments@corp.example"]);
    const page = parts(mail)[1]?.text ?? "";
    expect(page).not.toMatch(/<script|<a href='|"onmouseover="/);
    for (const { text: part } of parts(mail)) expect(part.replaceAll("\r\n", "\n")).not.toMatch(ACTING);
    expect(page.match(/<a /g)).toHaveLength(1);
  });

  it("cannot be addressed to more than a mail address", () => {
    const where = { type: "email", host: "mail.corp.example", from: "a@corp.example", to: ["b@corp.example"] };
    expect(destination.safeParse(where).success).toBe(true);
    for (const wrong of ["a@corp.example\r\nBcc: x@y.example", "a@corp.example, b@corp.example", "<a@corp.example>", "a"]) {
      expect([destination.safeParse({ ...where, from: wrong }).success, destination.safeParse({ ...where, to: [wrong] }).success]).toEqual([false, false]);
    }
  });
});

describe("TLS", () => {
  it("is used where a listed server offers it, with the login behind it", async () => {
    await start({ startTls: true, login: { username: "corduroy", password: "pass word" } });
    expect((await send(message(), to({ password: "pass word" }))).outcome).toBe("delivered");
    expect(smtp.mails[0]).toMatchObject({ secure: true, user: "corduroy" });
  });

  it.each([false, true])("is required of every other server, with a certificate that can be trusted (offers STARTTLS: %s)", async (startTls) => {
    await start({ startTls });
    expect(await deliver(to(), message(), unlisted)).toEqual({ outcome: "rejected", detail: "The mail server does not offer TLS that can be trusted." });
    expect(smtp.mails).toEqual([]);
  });
});

describe("what goes wrong", () => {
  it("is final for a wrong password, which is not told", async () => {
    await start({ startTls: true, login: { username: "corduroy", password: "pass word" } });
    expect(await send(message(), to({ password: "wrong" }))).toEqual({ outcome: "rejected", detail: "The mail server refused the login." });
  });

  it.each([
    [{ at: "mail", code: 421 }, { outcome: "retry", after: 60, detail: "The mail server answered 421." }],
    [{ at: "recipient", code: 450 }, { outcome: "retry", after: 60, detail: "The mail server answered 450." }],
    [{ at: "data", code: 452 }, { outcome: "retry", after: 60, detail: "The mail server answered 452." }],
    [{ at: "data", code: 554 }, { outcome: "rejected", detail: "The mail server answered 554." }],
  ] as const)("%j gives %j", async (fault, expected) => {
    await start();
    smtp.fail(fault);
    expect(await send(message())).toEqual(expected);
  });

  it("is told of recipients that do not exist, and delivered to the others", async () => {
    await start();
    expect(await send(message(), to({ to: ["nobody@corp.example", "anna@corp.example"] }))).toEqual({ outcome: "delivered", detail: "The mail server took it for 1 of 2 recipients; it refused 1." });
    expect((await send(message(), to({ to: ["nobody@corp.example"] }))).outcome).toBe("rejected");
  });

  it("is tried again when the server says nothing, or is not there", async () => {
    await start();
    smtp.fail({ at: "connect", code: "hang" });
    expect(await send(message(), to(), 150)).toMatchObject({ outcome: "retry", after: 60 });
    await smtp.stop();
    expect(await send(message())).toMatchObject({ outcome: "retry", detail: `${smtp.place} could not be reached (ECONNREFUSED).` });
  });
});
