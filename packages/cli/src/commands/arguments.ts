import { InvalidArgumentError, Option, type Command } from "commander";

export const LEVELS = ["informational", "low", "medium", "high", "critical"] as const;

export function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("It is not a whole number above 0.");
  return value;
}

export function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) throw new InvalidArgumentError("It is not a port (0 to 65535).");
  return value;
}

const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000 };

/** `5s`, `500ms`, `2m`, in milliseconds. */
export function span(text: string): number {
  const [, amount, unit] = /^(\d{1,6}(?:\.\d{1,3})?)(ms|s|m)$/.exec(text) ?? [];
  const value = Number(amount) * (UNITS[unit ?? ""] ?? Number.NaN);
  if (!(value >= 10)) throw new InvalidArgumentError("It is not a span such as 5s, 500ms or 2m.");
  return value;
}

/** The end of a day, UTC: `2027-06-30`. */
export function day(text: string): Date {
  const end = new Date(`${text}T23:59:59Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(end.getTime()) || end.toISOString().slice(0, 10) !== text) throw new InvalidArgumentError("It is not a day such as 2027-06-30.");
  return end;
}

export const several = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

/** `--server`, for every command that asks the service. */
export function asksService(command: Command): Command {
  return command.addOption(new Option("--server <url>", "the service (default: CORDUROY_URL, else http://127.0.0.1:7117)"));
}

/** An address of a web page: `https://corduroy.corp.example`. @throws InvalidArgumentError */
export function webAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "") throw new InvalidArgumentError("It is not an address such as https://corduroy.corp.example.");
  return text;
}
