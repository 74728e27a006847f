/** Fields of an access or firewall log of an Application Gateway. The firewall writes `clientIp`, and the second generation `timeStamp`. */
const PROPERTIES = [
  "clientIP", "clientIp", "clientPort", "httpMethod", "originalRequestUriWithArgs", "requestUri", "requestQuery", "userAgent", "httpStatus", "httpVersion", "sentBytes", "receivedBytes", "host", "originalHost", "hostname", "transactionId",
  "serverRouted", "serverStatus", "WAFMode", "ruleSetType", "ruleId", "ruleGroup", "message", "action", "site", "policyId",
];
const AROUND = ["time", "timeStamp", "resourceId", "operationName", "category", "ruleName"];

export const fields: Readonly<Record<string, string>> = Object.fromEntries([...AROUND, ...PROPERTIES.map((name) => `properties.${name}`)].map((name) => [name, `/${name.replaceAll(".", "/")}`]));

const uri = ["properties.originalRequestUriWithArgs", "properties.requestUri"];
const address = ["properties.clientIP", "properties.clientIp"];
const host = ["properties.originalHost", "properties.host", "properties.hostname"];
const agent = ["properties.userAgent"];

/** The names of W3C's extended log format, which Sigma's rules for web servers use. */
export const sigmaNames: Readonly<Record<string, readonly string[]>> = {
  "c-ip": address,
  "cs-host": host,
  "cs-method": ["properties.httpMethod"],
  "c-uri": uri,
  "cs-uri": uri,
  "cs-uri-stem": ["properties.requestUri"],
  "cs-uri-query": ["properties.requestQuery"],
  "sc-status": ["properties.httpStatus"],
  "cs-user-agent": agent,
  "c-useragent": agent,
};
