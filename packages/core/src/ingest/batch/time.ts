/** SQL for a timestamp as text: ISO 8601, UTC, milliseconds. */
export function isoSql(time: string): string {
  return `strftime(${time}, '%Y-%m-%dT%H:%M:%S.%gZ')`;
}
