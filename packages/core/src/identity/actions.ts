/** Everything that policies decide about. A new one needs a line in every table of `content/policies`, or its tests fail. */
export const ACTIONS = [
  "findings.read",
  "findings.comment",
  "findings.triage",
  "findings.close",
  "views.write",
  "suppressions.read",
  "suppressions.write",
  "rules.read",
  "sources.read",
  "sources.write",
  "deadLetters.read",
  "deadLetters.replay",
  "events.read",
  "events.write",
  "personal.read",
  "lake.query",
  "lake.export",
  "lake.maintain",
  "catalog.read",
  "catalog.write",
  "notifications.read",
  "notifications.write",
  "audit.read",
  "users.read",
  "users.write",
  "tokens.read",
  "tokens.write",
  "sessions.read",
  "sessions.end",
  "settings.read",
  "settings.write",
  "backup.run",
] as const;
export type Action = (typeof ACTIONS)[number];

/** What people do with their own account. No policy decides about it, a password or a link does; the audit names it all the same. */
export type AccountAction = "session.begin" | "session.end" | "factor.add" | "factor.remove" | "password.change" | "setup.begin" | "setup.finish" | "invitation.accept";
