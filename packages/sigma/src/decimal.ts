/** Longer plain notations are refused: no event holds them, and 64-bit floats end at 1.8e308. */
const maxDigits = 340;

/**
 * A number in plain decimal notation, exact: no exponent, no leading or trailing zeros, no "-0".
 * Takes decimal text as YAML or JSON write it (`+1`, `.5`, `1.50e3`); gives null for anything else and for absurd sizes.
 */
export function plainDecimal(text: string): string | null {
  const found = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/.exec(text);
  const whole = found?.[2] ?? "";
  const fraction = found?.[3] ?? "";
  if (!found || whole + fraction === "") return null;
  const digits = (whole + fraction).replace(/^0+/, "");
  if (digits === "") return "0";
  const significant = digits.replace(/0+$/, "");
  // The value is significant x 10^power.
  const power = Number(found[4] ?? 0) - fraction.length + (digits.length - significant.length);
  if (significant.length + Math.abs(power) > maxDigits) return null;
  const sign = found[1] === "-" ? "-" : "";
  if (power >= 0) return sign + significant + "0".repeat(power);
  const point = significant.length + power;
  return point > 0
    ? `${sign}${significant.slice(0, point)}.${significant.slice(point)}`
    : `${sign}0.${"0".repeat(-point)}${significant}`;
}
