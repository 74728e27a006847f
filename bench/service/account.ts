import { generate } from "otplib";
import { api, client, type Client } from "@corduroy/contract";

const EMAIL = "anna@example.com";
const PASSWORD = "plum orbit canvas 7 tango";

/** The admin of a service, and API tokens for what a run does. */
export interface Account {
  /** Of the admin's authenticator app (RFC 6238), base32. */
  totp: string;
  /** Hands events in, for every source. */
  events: string;
  /** Reads findings. */
  read: string;
}

/**
 * Makes the first admin of a new service, over HTTP as a browser does, and with it the tokens.
 * @param said what the service printed on its first start
 */
export async function setUp(origin: string, said: string): Promise<Account> {
  const secret = /\/setup#(\S+)/.exec(said)?.[1];
  if (secret === undefined) throw new Error(`the service printed no link for the first admin:\n${said}`);
  const browser = newBrowser(origin);
  const { csrf } = await browser.call(api.session.setUp, { body: { secret, email: EMAIL, name: "Anna", password: PASSWORD } });
  browser.csrf = csrf;
  const totp = await browser.call(api.session.enrolTotp);
  await browser.call(api.session.confirmTotp, { body: { code: await generate({ secret: totp.secret }) } });
  browser.csrf = (await browser.call(api.session.current)).csrf;
  const token = async (name: string, scope: string): Promise<string> => (await browser.call(api.admin.createToken, { body: { name, scopes: [scope], days: 30 } })).token;
  return { totp: totp.secret, events: await token("senders", "events:*"), read: await token("reader", "write") };
}

/** Signs the admin in with both factors: only where the keys are still those that sealed the second one does that work. */
export async function signIn(origin: string, { totp }: Account): Promise<void> {
  // A code counts once, and the one of this half-minute may have been used.
  const code = await generate({ secret: totp, epoch: Math.floor(Date.now() / 1000) + 30 });
  await newBrowser(origin).call(api.session.signIn, { body: { email: EMAIL, password: PASSWORD, code } });
}

/** Keeps cookies, and sends the CSRF token along. */
function newBrowser(origin: string): { call: Client; csrf: string } {
  const cookies = new Map<string, string>();
  const browser = {
    csrf: "",
    call: client(async (path, init) => {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const response = await fetch(`${origin}${path}`, { ...init, headers: { ...init.headers, ...(cookie !== "" && { Cookie: cookie }), ...(browser.csrf !== "" && { "X-CSRF-Token": browser.csrf }) } });
      for (const set of response.headers.getSetCookie()) {
        const [pair = ""] = set.split(";");
        const at = pair.indexOf("=");
        cookies.set(pair.slice(0, at), pair.slice(at + 1));
      }
      return response;
    }),
  };
  return browser;
}
