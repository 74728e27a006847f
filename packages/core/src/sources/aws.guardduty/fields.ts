/** Fields of a finding as GuardDuty sends it to EventBridge and S3, for recognition. The API writes the same names with capitals. */
export const fields: Readonly<Record<string, string>> = {
  id: "/id",
  arn: "/arn",
  type: "/type",
  "service.serviceName": "/service/serviceName",
};

/** Where everything else stands in a finding that was sent. */
const PLACES = {
  id: "/id",
  type: "/type",
  accountId: "/accountId",
  region: "/region",
  severity: "/severity",
  title: "/title",
  description: "/description",
  createdAt: "/createdAt",
  updatedAt: "/updatedAt",
  resourceType: "/resource/resourceType",
  accessKeyId: "/resource/accessKeyDetails/accessKeyId",
  principalId: "/resource/accessKeyDetails/principalId",
  userType: "/resource/accessKeyDetails/userType",
  userName: "/resource/accessKeyDetails/userName",
  instanceId: "/resource/instanceDetails/instanceId",
  bucket: "/resource/s3BucketDetails/0/name",
  cluster: "/resource/eksClusterDetails/name",
  function: "/resource/lambdaDetails/functionName",
  database: "/resource/rdsDbInstanceDetails/dbInstanceIdentifier",
  archived: "/service/archived",
  count: "/service/count",
  firstSeen: "/service/eventFirstSeen",
  lastSeen: "/service/eventLastSeen",
  resourceRole: "/service/resourceRole",
  actionType: "/service/action/actionType",
  api: "/service/action/awsApiCallAction/api",
  apiService: "/service/action/awsApiCallAction/serviceName",
  apiAddress: "/service/action/awsApiCallAction/remoteIpDetails/ipAddressV4",
  apiAddressV6: "/service/action/awsApiCallAction/remoteIpDetails/ipAddressV6",
  apiDomain: "/service/action/awsApiCallAction/domainDetails/domain",
  networkAddress: "/service/action/networkConnectionAction/remoteIpDetails/ipAddressV4",
  networkAddressV6: "/service/action/networkConnectionAction/remoteIpDetails/ipAddressV6",
  probeAddress: "/service/action/portProbeAction/portProbeDetails/0/remoteIpDetails/ipAddressV4",
  clusterAddress: "/service/action/kubernetesApiCallAction/remoteIpDetails/ipAddressV4",
  databaseAddress: "/service/action/rdsLoginAttemptAction/remoteIpDetails/ipAddressV4",
  dnsDomain: "/service/action/dnsRequestAction/domain",
} as const;
type Place = keyof typeof PLACES;

const names = Object.keys(PLACES) as Place[];
/** As the API has it. */
const capital = (pointer: string): string => pointer.replaceAll(/\/([a-z])/g, (_, letter: string) => `/${letter.toUpperCase()}`);
const pointers = [...Object.values(PLACES), ...Object.values(PLACES).map(capital)];

/** SQL for the texts at all places, in both forms: names that differ in case alone cannot be members of one struct. */
export const textsSql = `json_extract_string(json, [${pointers.map((pointer) => `'${pointer}'`).join(", ")}])`;

/** SQL over `texts` for the text at a place, in whichever form; no text and empty text are NULL. */
export function text(place: Place): string {
  const at = names.indexOf(place) + 1;
  return `coalesce(nullif(texts[${at}], ''), nullif(texts[${at + names.length}], ''))`;
}

/** The path of each field in the API's form, beside its own: rules find both. */
export const sigmaNames: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.values(PLACES).filter((pointer) => !pointer.includes("/0/")).map((pointer) => [dotted(pointer), [dotted(pointer), dotted(capital(pointer))]]),
);

function dotted(pointer: string): string {
  return pointer.slice(1).replaceAll("/", ".");
}
