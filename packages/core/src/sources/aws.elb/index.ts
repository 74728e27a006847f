import type { SourceDefinition } from "../definition.ts";
import { columns } from "./columns.ts";
import { fields, isAccess, part } from "./fields.ts";
import { ocsf } from "./ocsf.ts";

/** Access logs of Elastic Load Balancing: Application, Classic, and TLS of Network Load Balancers; and connection logs of Application Load Balancers. */
export const awsElb: SourceDefinition = {
  id: "aws.elb",
  title: "AWS load balancer access",
  logsource: [{ product: "aws", service: "elb" }, { category: "webserver" }],
  text: { recognises: isAccess, part },
  recognises: () => false,
  fits: `"@type" IN ('http', 'https', 'h2', 'ws', 'wss', 'grpcs') AND "@client:port" IS NOT NULL AND "@received_bytes" IS NOT NULL AND length("@time") = 27`,
  fields,
  // The names of W3C's extended log format, which Sigma's rules for web servers use.
  sigmaNames: { "cs-method": "method", "c-uri": "url", "cs-uri": "url", "cs-uri-stem": "path", "cs-uri-query": "query", "cs-user-agent": "user_agent", "c-useragent": "user_agent", "sc-status": "elb_status_code", "cs-host": "domain_name", tls_protocol: "ssl_protocol", tls_cipher: "ssl_cipher" },
  keyFields: [],
  columns,
  ocsf,
};
