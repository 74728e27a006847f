import { OBJECT_TIME, SENDER, timestampSql, type Column } from "./definition.ts";
import { afterLast, beforeFirst } from "./textParts.ts";

/**
 * Lines of syslog, as files and networks have them: RFC 5424; the stamp of RFC 3164 or of ISO 8601 (rsyslog), with or without `<PRI>`.
 * The patterns are asked by JavaScript and by RE2, and must mean the same to both: no `\s`, no `.`.
 */
const PRI = "<[0-9]{1,3}>";
const OLD_STAMP = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ 0-3][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}";
const ISO_STAMP = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.][0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2})";
/** A program's own log begins with a time, too; what follows there is a level, where syslog has a host. */
const HOST = "[0-9A-Za-z][0-9A-Za-z._:%-]*";
const LEVELS = ["TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "CRITICAL", "FATAL"];
const DATA = String.raw`(?:-|(?:\[(?:[^"\]]|"(?:[^"\\]|\\[^\n])*")*\])+)`;

/** The beginning of a line up to the tag, for tags by this pattern, behind the stamp of RFC 3164 or ISO 8601. A host may be missing, or empty. */
const before = (tag: string): string => `^(?:${PRI})?(?:${OLD_STAMP}|${ISO_STAMP}) (?:(?:${HOST})? )?${tag}`;

/** A line whose program or message is by one of these patterns. @param message what a message of any program may begin with */
export function linesOf(programs: readonly string[], message: string): RegExp {
  const names = `(?:${programs.join("|")})`;
  return new RegExp([
    before(String.raw`${names}(?:\([^ )]*\))?(?:\[[0-9]*\])?:(?: |$)`),
    before(String.raw`[^ ]+: +${message}`),
    before(String.raw`[^ ]+\(pam_unix\)(?:\[[0-9]*\])?: `),
    `^${PRI}1 [^ ]+ [^ ]+ ${names} `,
    `^${PRI}1 [^ ]+ [^ ]+ [^ ]+ [^ ]+ [^ ]+ ${DATA} (?:\uFEFF)?${message}`,
  ].join("|"));
}

/** Any line of syslog. Without `<PRI>` a line must name its program after its host. */
export const anyLine = new RegExp([
  `^${PRI}1 (?:-|${ISO_STAMP}) [^ ]+ [^ ]+ [^ ]+ [^ ]+ ${DATA}(?: |$)`,
  `^${PRI}(?:${OLD_STAMP}|${ISO_STAMP}) [^ ]`,
  before(String.raw`[^ \[]+(?:\[[^ \]]*\])?:(?: |$)`),
  `^${OLD_STAMP} ${HOST} (?:last message repeated [0-9]+ times|-- MARK --)`,
].join("|"));

/** Whether a line is a program's own log, with a level in the host's place. */
export const levelFirst = new RegExp(`^${ISO_STAMP} (?:${LEVELS.join("|")}) `);

/** SQL: whether the line is as a pattern has it. */
export const matches = (pattern: RegExp): string => `regexp_matches(line, '${pattern.source.replaceAll("'", "''")}')`;

/**
 * The words of its beginning: what RFC 5424 names stands in the first six. The longest there may be are 506 bytes together. Words cost a line 0.3 us, and each text that goes on to the line's
 * end another 0.2, because characters are counted.
 */
export const part = `string_split(CASE WHEN strlen(line) <= 650 THEN line ELSE line[:650] END, ' ')`;

/** What stands between `<` and `>`. */
export const fields: Readonly<Record<string, string>> = {
  pri: `CASE WHEN starts_with(line, '<') THEN substr(line, 2, strpos(line, '>') - 2) END`,
};

const isIso = `plain[5] = '-'`;
const stampIn = (yearsAgo: number): string => `try_strptime((year(${OBJECT_TIME}) - ${yearsAgo})::VARCHAR || ' ' || stamp, '%Y %b %d %H:%M:%S')`;
const isAhead = `this_year > ${OBJECT_TIME} + INTERVAL 1 DAY`;

/** The stamp of RFC 3164 has no year: that of the object's last write, or the one before; 29 February is looked for in the last leap year. */
const oldTime = `CASE WHEN stamp[:6] = 'Feb 29' AND coalesce(${isAhead}, true) THEN coalesce(${[1, 2, 3, 4].map(stampIn).join(", ")}) WHEN ${isAhead} THEN this_year - INTERVAL 1 YEAR ELSE this_year END`;
const time = `coalesce(CASE WHEN stamp[5] = '-' THEN ${timestampSql("stamp")} ELSE ${oldTime} END, ${OBJECT_TIME})`;

const step = (name: string, sql: string, uses: readonly string[] = [], type = "VARCHAR"): Column => ({ name, type, sql, uses, stored: false });
const nil = (sql: string): string => `nullif(nullif(${sql}, '-'), '')`;

/** The columns that every line of syslog gives. `tail` is the message, in RFC 5424 after the structured data. */
export const syslogColumns: readonly Column[] = [
  step("is_5424", `starts_with(line, '<') AND ends_with(part[1], '>1') AND strpos(part[1], '>') = strlen(part[1]) - 1`, [], "BOOLEAN"),
  // From here to `after_host`, of RFC 3164 and of ISO stamps: `stamp host tag: message`.
  step("plain", `CASE WHEN is_5424 THEN NULL WHEN starts_with(line, '<') THEN substr(line, strpos(line, '>') + 1) ELSE line END`, ["is_5424"]),
  step("stamp", `CASE WHEN is_5424 THEN part[2] WHEN ${isIso} THEN substr(plain, 1, strpos(plain, ' ') - 1) ELSE plain[:15] END`, ["is_5424", "plain"]),
  step("rest", `CASE WHEN ${isIso} THEN substr(plain, strpos(plain, ' ') + 1) ELSE substr(plain, 17) END`, ["plain"]),
  step("this_year", `CASE WHEN stamp[5] <> '-' THEN ${stampIn(0)} END`, ["stamp"], "TIMESTAMP"),
  { name: "time", type: "TIMESTAMP", sql: time, uses: ["stamp", "this_year"] },
  step("first", beforeFirst("rest", " "), ["rest"]),
  // A program that writes to the local socket names no host.
  step("after_host", `CASE WHEN ends_with(first, ':') AND NOT ends_with(first, '::') THEN rest ELSE substr(rest, length(first) + 2) END`, ["rest", "first"]),
  step("tag", `CASE WHEN is_5424 THEN part[4] ELSE ${beforeFirst("after_host", " ")} END`, ["is_5424", "after_host"]),
  step("tagged", `ends_with(tag, ':') OR (ends_with(tag, ']') AND contains(tag, '['))`, ["tag"], "BOOLEAN"),
  // Where the line names none it is whoever sent it, as RFC 3164 (4.3) has it.
  { name: "host", type: "VARCHAR", sql: `coalesce(CASE WHEN is_5424 THEN ${nil("part[3]")} WHEN strlen(after_host) <> strlen(rest) THEN nullif(first, '') END, ${SENDER})`, uses: ["is_5424", "rest", "first", "after_host"], field: "host" },
  { name: "program", type: "VARCHAR", sql: `CASE WHEN is_5424 THEN ${nil("tag")} WHEN tagged THEN nullif(rtrim(CASE WHEN contains(tag, '(pam_') THEN ${beforeFirst("tag", "(pam_")} ELSE ${beforeFirst("tag", "[")} END, ':]'), '') END`, uses: ["is_5424", "tag", "tagged"], field: "program" },
  { name: "pid", type: "VARCHAR", sql: `CASE WHEN is_5424 THEN ${nil("part[5]")} WHEN tagged AND contains(tag, '[') THEN nullif(rtrim(${afterLast("tag", "[")}, ':]'), '') END`, uses: ["is_5424", "tag", "tagged"], field: "pid" },
  step("tail", `CASE WHEN is_5424 THEN substr(line, ${[1, 2, 3, 4, 5, 6].map((word) => `length(part[${word}])`).join(" + ")} + 7) WHEN tagged THEN ltrim(substr(after_host, length(tag) + 2), ' ') ELSE after_host END`, ["is_5424", "tag", "tagged", "after_host"]),
  step("data", `CASE WHEN NOT is_5424 OR starts_with(tail, '-') THEN NULL ELSE regexp_extract(tail, '^${DATA}') END`, ["is_5424", "tail"]),
  { name: "message", type: "VARCHAR", sql: `rtrim(CASE WHEN is_5424 THEN ltrim(substr(tail, coalesce(length(data), 1) + 2), ' ' || chr(65279)) ELSE tail END, chr(10) || chr(13))`, uses: ["is_5424", "tail", "data"], field: "message" },
];

/** Facility and severity (RFC 5424, 6.2.1), where the line says them. */
export const priority = `CASE WHEN TRY_CAST("@pri" AS INTEGER) BETWEEN 0 AND 191 THEN TRY_CAST("@pri" AS INTEGER) END`;
