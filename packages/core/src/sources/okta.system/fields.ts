const plain = [
  "uuid", "published", "eventType", "legacyEventType", "displayMessage", "severity",
  "actor.id", "actor.type", "actor.alternateId", "actor.displayName",
  "client.ipAddress", "client.zone", "client.device", "client.userAgent.rawUserAgent", "client.geographicalContext.country",
  "outcome.result", "outcome.reason", "transaction.id", "transaction.detail.requestApiTokenId", "authenticationContext.externalSessionId",
  "securityContext.isProxy", "securityContext.asOrg", "debugContext.debugData.requestUri", "debugContext.debugData.threatSuspected",
  "debugContext.debugData.privilegeGranted", "debugContext.debugData.behaviors",
];

/** Fields of a LogEvent that columns are made of, by Okta's own dotted paths, with their JSON pointers. */
export const fields: Readonly<Record<string, string>> = {
  ...Object.fromEntries(plain.map((name) => [name, `/${name.replaceAll(".", "/")}`])),
  "request.ipChain[0].ip": "/request/ipChain/0/ip",
  ...Object.fromEntries(["id", "type", "alternateId", "displayName"].map((name) => [`target[0].${name}`, `/target/0/${name}`])),
  ...Object.fromEntries(["type", "displayName"].map((name) => [`target[1].${name}`, `/target/1/${name}`])),
};

/** Sigma's rules about Okta wrote these names in lower case until 2026, and many copies of them still do. */
export const sigmaNames: Readonly<Record<string, string>> = {
  eventtype: "eventType",
  legacyeventtype: "legacyEventType",
  displaymessage: "displayMessage",
  "actor.alternateid": "actor.alternateId",
  "target.displayname": "target.displayName",
  "securitycontext.isproxy": "securityContext.isProxy",
  "debugcontext.debugdata.requesturi": "debugContext.debugData.requestUri",
  "debugcontext.debugdata.behaviors": "debugContext.debugData.behaviors",
  "debugcontext.debugdata.logonlysecuritydata": "debugContext.debugData.logOnlySecurityData",
};
