import type { Comparison } from "./tree.ts";

/** What JSON calls a number, without and with a fraction or an exponent. */
const integer = "-?(?:0|[1-9][0-9]*)";
const withExponent = `${integer}(?:\\.[0-9]+)?[eE][+-]?[0-9]+`;
const jsonNumber = `${integer}(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?`;

/** A HUGEINT holds 38 digits of any kind. */
const exactDigits = 38;

const operators: Readonly<Record<Comparison, string>> = { lt: "<", lte: "<=", gt: ">", gte: ">=" };

/**
 * The value is a JSON number equal to one of these plain decimals. Notations without an exponent are compared digit by
 * digit; those with one as 64-bit floats. Equal text is the fast way.
 */
export function numbersSql(text: string, numbers: readonly string[]): string {
  const unique = [...new Set(numbers)];
  const written = unique.map((number) => {
    const sign = number === "0" ? "-?" : "";
    return sign + number.replace(".", "\\.") + (number.includes(".") ? "0*" : "(?:\\.0+)?");
  });
  return (
    `(CASE WHEN ${text} ${among(unique.map((number) => `'${number}'`))} THEN true ` +
    `WHEN regexp_full_match(${text}, '${[...written, withExponent].join("|")}') THEN TRY_CAST(${text} AS DOUBLE) ${among(unique.map(doubleSql))} ELSE false END)`
  );
}

function among(values: readonly string[]): string {
  return values.length === 1 ? `= ${values[0]}` : `IN (${values.join(", ")})`;
}

/** The value is a JSON number that compares so. Integers of up to 38 digits compare exactly, everything else as 64-bit floats. */
export function compareSql(text: string, op: Comparison, number: string): string {
  const operator = operators[op];
  const whole = wholeBound(number, op);
  const exact = whole === null ? "" : `WHEN length(${text}) <= ${exactDigits} AND regexp_full_match(${text}, '${integer}') THEN TRY_CAST(${text} AS HUGEINT) ${operator} ${whole}::HUGEINT `;
  return `(CASE ${exact}WHEN regexp_full_match(${text}, '${jsonNumber}') THEN TRY_CAST(${text} AS DOUBLE) ${operator} ${doubleSql(number)} ELSE false END)`;
}

/** The integer that an integer compares with as it would with `number`: x < 1.5 is x < 2. Null if it has too many digits. */
function wholeBound(number: string, op: Comparison): string | null {
  const [digits = "", fraction] = number.split(".");
  if (digits.length > exactDigits) return null;
  if (fraction === undefined) return `(${digits})`;
  const truncated = BigInt(digits);
  const floor = number.startsWith("-") ? truncated - 1n : truncated;
  return `(${op === "lt" || op === "gte" ? floor + 1n : floor})`;
}

function doubleSql(number: string): string {
  return `'${number}'::DOUBLE`;
}
