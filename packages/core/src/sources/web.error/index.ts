import type { SourceDefinition } from "../definition.ts";
import { columns } from "./columns.ts";
import { errorLine, fields, part } from "./fields.ts";
import { ocsf } from "./ocsf.ts";

/** Error logs of nginx and of Apache 2.2 and 2.4. */
export const webError: SourceDefinition = {
  id: "web.error",
  title: "Web errors",
  logsource: [{ product: "nginx", service: "nginx" }, { product: "apache", service: "apache" }],
  text: { recognises: (line) => errorLine.test(line), part },
  recognises: () => false,
  fits: `regexp_matches(line, '${errorLine.source}')`,
  fields,
  sigmaNames: { "cs-uri": "c-uri" },
  keyFields: [],
  columns,
  ocsf,
};
