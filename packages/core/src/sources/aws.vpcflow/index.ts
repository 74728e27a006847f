import type { SourceDefinition } from "../definition.ts";
import { columns } from "./columns.ts";
import { isFlow, SIZES } from "./line.ts";
import { isHeader, NAMES } from "./names.ts";
import { ocsf } from "./ocsf.ts";

const field = (index: number): string => (index < 0 ? "NULL" : `nullif(part[${index + 1}], '-')`);

/** The fields of a line, from their places in an order of names, and whether a line may have that order. */
function fieldsIn(order: readonly string[], whole: string): Readonly<Record<string, string>> {
  return { ...Object.fromEntries(NAMES.map((name) => [name, field(order.indexOf(name))])), whole };
}

/** Fields whose values begin with a digit, or are `-`. */
const NUMBERS: readonly string[] = ["version", "account-id", "srcport", "dstport", "protocol", "packets", "bytes", "start", "end", "tcp-flags"];

/** Whether a line in this order holds values: where files were joined, it may be the header of the next one, in whatever order. */
function isNoHeader(order: readonly string[]): string {
  const at = order.findIndex((name) => NUMBERS.includes(name));
  return at < 0 ? `part[1] NOT IN (${NAMES.map((name) => `'${name}'`).join(", ")})` : `ascii(part[${at + 1}]) < ascii(':')`;
}

/** Flow logs of Amazon VPC: the default format, all fields of a later version in the documented order, and any format below its header. */
export const awsVpcflow: SourceDefinition = {
  id: "aws.vpcflow",
  title: "Amazon VPC flow logs",
  logsource: [{ product: "aws", service: "vpcflow" }, { category: "firewall" }],
  text: {
    recognises: isFlow,
    part: `string_split(line, ' ')`,
    header: {
      recognises: isHeader,
      fields: (header) => {
        const order = header.trimEnd().split(" ");
        return fieldsIn(order, `len(part) = ${order.length} AND ${isNoHeader(order)}`);
      },
    },
  },
  recognises: () => false,
  fits: `"@whole" = 'true'`,
  fields: fieldsIn(NAMES, `(len(part) = 14 OR len(part) IN (${SIZES.join(", ")}) AND starts_with(part[15], 'vpc-')) AND part[14] IN ('OK', 'NODATA', 'SKIPDATA') AND part[13] IN ('ACCEPT', 'REJECT', '-')`),
  sigmaNames: { src_ip: "srcaddr", dst_ip: "dstaddr", src_port: "srcport", dst_port: "dstport" },
  keyFields: [],
  columns,
  ocsf,
};
