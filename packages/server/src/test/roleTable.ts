import { PASSWORD } from "./running.ts";

/** Who asks, in the words of the table. `enrol`: signed in with a password alone, without a second factor. `events`: a token for events of aws.cloudtrail and otlp.logs. */
export const ASKERS = ["nobody", "enrol", "viewer", "developer", "responder", "admin", "auditor", "events", "read", "write", "sources", "audit"] as const;
export type Asker = (typeof ASKERS)[number];

/** What a line may need besides the asker. */
export interface Given {
  /** An invitation that nobody has used yet. */
  invitation: string;
  /** A name that nothing else has. */
  fresh: string;
}

/** One route: who gets as far as the work itself, and what is sent. */
export interface Line {
  /** Askers by name, with a space between. Everybody else is refused. */
  may: string;
  params?: Record<string, string>;
  query?: Record<string, string>;
  body?: object | ((given: Given) => object);
  /** What a wrong proof is answered with, in place of a right of the asker's: whoever hears this was let try. */
  proof?: string;
}

const ALL = ASKERS.join(" ");
/** With a second factor. */
const PEOPLE = "viewer developer responder admin auditor";
/** A person without a role in the way: with a session of whatever stage. */
const ACCOUNTS = `enrol ${PEOPLE}`;
const LOOK = `${PEOPLE} read write`;
const WORK = "responder admin write";
const ASK = "developer responder admin auditor read write";
const OVERSEE = "admin auditor";

const none = { id: "00000000-0000-4000-8000-000000000000" };
const finding = { id: "0".repeat(32) };
const source = { source: "aws.cloudtrail" };
const reason = "It is a test.";
const passkey = { id: "AAAA", rawId: "AAAA", type: "public-key", clientExtensionResults: {} };
const DAY_MS = 86_400_000;
const select = { sql: "select 1 as one" };

/**
 * Every route of the API. The thing asked for does not exist where a made-up id will do: rights come before it. A developer's own team is another test's.
 */
export const ROLE_TABLE: Readonly<Record<string, Line>> = {
  "session.options": { may: ALL },
  // The link to the first admin is used up in every running service.
  "session.setUp": { may: ALL, body: { secret: "0".repeat(43), email: "eve@example.com", name: "Eve", password: PASSWORD }, proof: "This link does not work, or no longer." },
  "session.acceptInvitation": { may: ALL, body: ({ invitation }) => ({ secret: invitation, name: "Ines", password: PASSWORD }) },
  "session.signIn": { may: ALL, body: { email: "anna@example.com", password: PASSWORD } },
  "session.passkeyOptions": { may: ALL },
  "session.passkey": { may: ALL, body: { response: { ...passkey, response: { clientDataJSON: "AAAA", authenticatorData: "AAAA", signature: "AAAA" } } }, proof: "The passkey was not accepted." },
  "session.current": { may: ACCOUNTS },
  // Last of all: see the test.
  "session.signOut": { may: ACCOUNTS },
  "session.list": { may: PEOPLE },
  // Another person's; one's own is everybody's to end.
  "session.end": { may: "admin", params: none },
  "session.changePassword": { may: PEOPLE, body: { current: PASSWORD, password: PASSWORD } },
  "session.enrolTotp": { may: ACCOUNTS },
  "session.confirmTotp": { may: ACCOUNTS, body: { code: "000000" }, proof: "The code is wrong." },
  "session.enrolPasskey": { may: ACCOUNTS },
  "session.confirmPasskey": { may: ACCOUNTS, body: { name: "key", response: { ...passkey, response: { clientDataJSON: "AAAA", attestationObject: "AAAA" } } }, proof: "The passkey could not be added." },
  "session.passkeys": { may: ACCOUNTS },
  "session.removePasskey": { may: PEOPLE, params: { id: "AAAA" } },

  "findings.now": { may: LOOK },
  "findings.list": { may: LOOK },
  "findings.counts": { may: LOOK },
  "findings.get": { may: LOOK, params: finding },
  "findings.change": { may: WORK, params: finding, body: { version: 1, state: "triaged" } },
  "findings.comment": { may: WORK, params: finding, body: { text: reason } },
  "findings.close": { may: WORK, params: finding, body: { version: 1, as: "resolved", reason } },
  "findings.reopen": { may: WORK, params: finding, body: { version: 1, reason } },
  "findings.live": { may: LOOK },
  "findings.suppressions": { may: LOOK },
  "findings.suppress": { may: WORK, body: { reason, scope: { rule: "no-such-rule" }, expiresAt: new Date(Date.now() + DAY_MS).toISOString() } },
  "findings.endSuppression": { may: WORK, params: none },
  "findings.views": { may: LOOK },
  // An auditor and every token change nothing of what others see.
  "findings.saveView": { may: "viewer developer responder admin", body: ({ fresh }) => ({ name: fresh, filter: {}, shared: true }) },
  "findings.removeView": { may: "viewer developer responder admin", params: none },

  "events.receive": { may: "events", params: source, body: {} },
  "events.logs": { may: "events", body: {} },
  // The signature decides, whoever else asks.
  "events.webhook": { may: ALL, params: none, body: {}, proof: "The signature is wrong, or the token is expired or revoked." },
  "events.eventHook": { may: ALL, params: none, body: {}, proof: "The secret is wrong, or the token is expired or revoked." },
  "events.verifyEventHook": { may: ALL, params: none, proof: "The secret is wrong, or the token is expired or revoked." },
  "events.sources": { may: `${LOOK} sources` },
  "events.metrics": { may: `${LOOK} sources` },
  "events.addQueue": { may: "admin sources", params: { source: "no.such" }, body: { url: "https://sqs.eu-west-1.amazonaws.com/111122223333/trail", role: null } },
  "events.addStore": { may: "admin sources", params: { source: "no.such" }, body: { store: { kind: "s3", address: "s3://trail/AWSLogs" } } },
  "events.addCollector": { may: "admin sources", body: { reach: { kind: "okta", address: "https://127.0.0.1", token: "not-a-token" }, since: "2999-01-01T00:00:00Z" } },
  "events.backfillCollector": { may: "admin sources", params: none, body: { since: "2026-01-01T00:00:00Z" } },
  "events.testCollector": { may: "admin sources", params: none },
  "events.changeCollector": { may: "admin sources", params: none, body: { paused: true } },
  "events.removeCollector": { may: "admin sources", params: none },
  "events.setRetention": { may: "admin", params: source, body: { days: 400 } },
  "events.deadLetters": { may: `${WORK} auditor` },
  "events.quarantine": { may: `${WORK} auditor` },
  "events.retry": { may: WORK, params: none },
  "events.replay": { may: WORK, body: { ids: ["no-such-letter"] } },

  "search.query": { may: ASK, body: select },
  "search.export": { may: `${WORK} auditor`, body: select },
  "search.schema": { may: ASK },

  "rules.list": { may: LOOK },
  "rules.get": { may: LOOK, params: none },

  "admin.audit": { may: `${OVERSEE} audit` },
  "admin.verifyAudit": { may: `${OVERSEE} audit` },
  "admin.users": { may: OVERSEE },
  "admin.people": { may: LOOK },
  "admin.invite": { may: "admin", body: ({ fresh }) => ({ email: `${fresh}@example.com`, roles: ["viewer"] }) },
  "admin.changeUser": { may: "admin", params: none, body: { roles: ["viewer"] } },
  "admin.resetFactors": { may: "admin", params: none },
  "admin.tokens": { may: OVERSEE },
  "admin.createToken": { may: "admin", body: { name: "made by a test", scopes: ["read"], days: 1 } },
  "admin.revokeToken": { may: "admin", params: none },
  "admin.catalog": { may: LOOK },
  "admin.destinations": { may: `${WORK} auditor` },
  // Without a mail server it is refused as invalid, once the asker may.
  "admin.addDestination": { may: "admin", body: { kind: "email", name: "nobody reads it", to: "nobody@example.com" } },
  "admin.removeDestination": { may: "admin", params: none },
  "admin.testDestination": { may: "admin", params: none },
  "admin.deliveries": { may: `${WORK} auditor` },
  "admin.setTeamRoute": { may: "admin", params: { team: "no-such-team" }, body: { destinations: [] } },
  "admin.settings": { may: OVERSEE },
  "admin.setSecurityRoute": { may: "admin", body: { destinations: [] } },
  "admin.checkLake": { may: "admin" },
};
