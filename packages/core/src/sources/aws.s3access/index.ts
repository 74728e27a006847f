import type { SourceDefinition } from "../definition.ts";
import { columns } from "./columns.ts";
import { fields, isAccess, part } from "./fields.ts";
import { ocsf } from "./ocsf.ts";

/** Server access logs of Amazon S3. */
export const awsS3access: SourceDefinition = {
  id: "aws.s3access",
  title: "Amazon S3 server access",
  logsource: { product: "aws", service: "s3access" },
  text: { recognises: isAccess, part },
  recognises: () => false,
  fits: `"@operation" IS NOT NULL AND "@httpstatus" IS NOT NULL AND length("@requestdatetime") = 26`,
  fields,
  sigmaNames: {},
  keyFields: [],
  columns,
  ocsf,
};
