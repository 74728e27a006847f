const names = [
  "Id", "ProductArn", "ProductName", "CompanyName", "GeneratorId", "AwsAccountId", "Region", "SchemaVersion", "Title", "Description", "CreatedAt", "UpdatedAt", "FirstObservedAt", "LastObservedAt",
  "Severity.Label", "Severity.Normalized", "RecordState", "Workflow.Status", "Compliance.Status", "Compliance.SecurityControlId",
  "Action.ActionType", "Action.AwsApiCallAction.Api", "Action.AwsApiCallAction.ServiceName", "Action.AwsApiCallAction.RemoteIpDetails.IpAddressV4",
  "Action.NetworkConnectionAction.RemoteIpDetails.IpAddressV4", "Network.SourceIpV4", "Network.SourceIpV6", "Network.DestinationDomain",
];

/** Fields of a finding in the AWS Security Finding Format that columns are made of. */
export const fields: Readonly<Record<string, string>> = {
  ...Object.fromEntries(names.map((name) => [name, `/${name.replaceAll(".", "/")}`])),
  "Types[0]": "/Types/0",
  "Vulnerabilities[0].Id": "/Vulnerabilities/0/Id",
  "Resources[0].Id": "/Resources/0/Id",
  "Resources[0].Type": "/Resources/0/Type",
};
