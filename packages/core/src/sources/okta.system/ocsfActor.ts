import { jsonArrayOf, jsonConstant, jsonObject, jsonString, type RecordParts } from "../jsonText.ts";

/** OCSF's `user` for whoever acted. The type keeps Okta's own word. */
export function actorUser(): string {
  return jsonObject({
    name: jsonString(`coalesce(nullif(actor_name, ''), nullif(actor_display_name, ''), nullif(actor_uid, ''), 'unknown')`),
    uid: jsonString("actor_uid"),
    full_name: jsonString("actor_display_name"),
    type: jsonString("actor_type"),
    type_id: `CASE WHEN actor_type = 'User' THEN '1' WHEN actor_type <> '' THEN '99' END`,
    credential_uid: jsonString("access_key"),
  });
}

/** OCSF's `actor`: the user, the session it acted in, and who vouched for it. */
export function actor(record: RecordParts): string {
  const context = (name: string): string => record.text(`/authenticationContext/${name}`);
  return jsonObject({
    user: actorUser(),
    session: jsonObject({ uid: jsonString(context("externalSessionId")), uid_alt: jsonString(context("rootSessionId")) }),
    idp: jsonObject({ name: jsonString(context("authenticationProvider")), uid: jsonString(context("issuer/id")) }),
  });
}

/** What Okta's names of factors hold, with OCSF's number and name. */
const FACTORS: readonly (readonly [holds: string, id: number, name: string])[] = [
  ["WEBAUTHN", 10, "WebAuthn"], ["U2F", 9, "U2F"], ["SMS", 1, "SMS"], ["CALL", 3, "Phone Call"], ["EMAIL", 8, "Email"], ["PUSH", 5, "Push Notification"],
  ["QUESTION", 2, "Security Question"], ["OTP", 7, "OTP"], ["PASSWORD", 11, "Password"],
];

/** The factor that a sign-in was tried with, or that was set up or removed. */
export function authFactors(record: RecordParts): string {
  const factor = record.firstText("/debugContext/debugData/factor");
  const told = (of: (row: (typeof FACTORS)[number]) => string, other: string): string => `CASE ${FACTORS.map((row) => `WHEN contains(${factor}, '${row[0]}') THEN ${of(row)}`).join(" ")} ELSE ${other} END`;
  const known = jsonObject({ factor_type: told(([, , name]) => jsonConstant(name), jsonString(factor)), factor_type_id: told(([, id]) => `'${id}'`, "'99'") });
  return `CASE WHEN ${factor} IS NOT NULL THEN ${jsonArrayOf(known)} END`;
}

/** Where Okta places the caller. Countries come as names, OCSF wants codes: the name stands in the description. */
export function sourceLocation(record: RecordParts): string {
  const place = (name: string): string => record.text(`/client/geographicalContext/${name}`);
  const anywhere = record.firstText(...["city", "state", "postalCode"].map((name) => `/client/geographicalContext/${name}`));
  const degrees = (name: string, limit: number): string => `CASE WHEN abs(TRY_CAST(${place(`geolocation/${name}`)} AS DOUBLE)) <= ${limit} THEN TRY_CAST(${place(`geolocation/${name}`)} AS DOUBLE)::VARCHAR END`;
  const location = jsonObject({
    city: jsonString(place("city")),
    region: jsonString(place("state")),
    postal_code: jsonString(place("postalCode")),
    desc: jsonString(place("country")),
    lat: degrees("lat", 90),
    long: degrees("lon", 180),
    provider: jsonConstant("Okta"),
  });
  return `CASE WHEN ${anywhere} IS NOT NULL THEN ${location} END`;
}
