/** Members of a record of the Office 365 Management Activity API that columns are made of. */
const RECORD = [
  "CreationTime", "Id", "Operation", "Workload", "RecordType", "OrganizationId", "UserId", "UserKey", "UserType", "ClientIP", "ClientIPAddress", "ActorIpAddress", "ObjectId", "ResultStatus",
  "ApplicationId", "AppId", "ClientAppId", "UserAgent", "ClientInfoString", "ExtendedProperties", "LogonError", "ExternalAccess", "LogonType",
  "SiteUrl", "SourceFileName", "SourceRelativeUrl", "ItemType", "TargetUserOrGroupName", "TargetUserOrGroupType", "MailboxOwnerUPN", "TeamName",
  "SenderIp", "P2Sender", "Subject", "NetworkMessageId", "Directionality", "DeliveryAction",
  "AlertId", "AlertEntityId", "EntityType", "Name", "Severity", "Status", "Category", "Data",
];
/** The first of a mail's recipients. */
export const RECIPIENT = "Recipients[0]";

export const fields: Readonly<Record<string, string>> = { ...Object.fromEntries(RECORD.map((name) => [name, `/${name}`])), [RECIPIENT]: "/Recipients/0" };

/** Names of rules for Microsoft 365 that no record has. */
export const sigmaNames: Readonly<Record<string, readonly string[]>> = {
  eventSource: ["Workload"],
  // An alert's name, and what is done: any of these, so none that has a column comes first.
  eventName: ["Name", "Operation"],
  // What a cmdlet was called with.
  Payload: ["Parameters", "Parameters.Value", "NonPIIParameters", "Data", "Operation"],
};
