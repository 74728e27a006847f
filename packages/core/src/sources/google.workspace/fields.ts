/**
 * Fields that columns are made of. An activity comes as the Reports API has it (`events`), with one of its events lifted to its top (`name`,
 * `type`, `parameters`), or inside an entry of Cloud Logging (`protoPayload`).
 */
export const fields: Readonly<Record<string, string>> = {
  kind: "/kind",
  name: "/name",
  type: "/type",
  ipAddress: "/ipAddress",
  "id.time": "/id/time",
  "id.uniqueQualifier": "/id/uniqueQualifier",
  "id.applicationName": "/id/applicationName",
  "id.customerId": "/id/customerId",
  "actor.email": "/actor/email",
  "actor.profileId": "/actor/profileId",
  "actor.callerType": "/actor/callerType",
  "actor.key": "/actor/key",
  insertId: "/insertId",
  logName: "/logName",
  timestamp: "/timestamp",
  "protoPayload.serviceName": "/protoPayload/serviceName",
  "protoPayload.resourceName": "/protoPayload/resourceName",
  "protoPayload.authenticationInfo.principalEmail": "/protoPayload/authenticationInfo/principalEmail",
  "protoPayload.requestMetadata.callerIp": "/protoPayload/requestMetadata/callerIp",
  "protoPayload.metadata.@type": "/protoPayload/metadata/@type",
};

/** The public rules are about entries of Cloud Logging. The name of an event is the same word in all three forms. */
export const sigmaNames: Readonly<Record<string, string | readonly string[]>> = {
  eventName: ["events.name", "name", "protoPayload.metadata.event.eventName"],
  eventType: ["events.type", "type", "protoPayload.metadata.event.eventType"],
  eventService: "protoPayload.serviceName",
  "protoPayload.Servicename": "protoPayload.serviceName",
};
