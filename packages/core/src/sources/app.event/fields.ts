/** The envelope's members that columns are made of. */
const OURS = [
  "id", "time", "type", "logger", "severity", "service", "environment", "host", "source_address", "user_agent", "outcome", "reason", "resource", "message", "trace_id", "actor",
];

/** Members of Mozilla's envelope, mozlog 2.0, and what its services put into `Fields`. */
const MOZILLA = [
  "Timestamp", "Time", "Type", "Logger", "Severity", "Hostname", "EnvVersion",
  "Fields.email", "Fields.uid", "Fields.remoteAddressChain", "Fields.agent", "Fields.userAgent", "Fields.status", "Fields.errno", "Fields.method", "Fields.path", "Fields.msg", "Fields.rid",
];

const pointer = (path: string): string => `/${path.replaceAll(".", "/")}`;
export const fields: Readonly<Record<string, string>> = Object.fromEntries([...OURS, ...MOZILLA].map((name) => [name, pointer(name)]));

const both = (ours: string, ...mozilla: string[]): [string, string[]][] => [ours, ...mozilla].map((name) => [name, [ours, ...mozilla]]);

/** Either envelope's names, for both. */
export const sigmaNames: Readonly<Record<string, readonly string[]>> = Object.fromEntries([
  ...both("type", "Type"),
  ...both("logger", "Logger"),
  ...both("host", "Hostname"),
  ...both("message", "Fields.msg"),
  ...both("user_agent", "Fields.agent", "Fields.userAgent"),
  ...both("trace_id", "Fields.rid"),
]);
