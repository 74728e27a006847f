/**
 * SQL for the person that Microsoft means by a user principal name or e-mail address, lower-cased; NULL where it is none. A guest's name holds the
 * address it has at home: `anna_example.com#EXT#@corp.example`, or `live.com#anna@example.com`.
 */
export function personSql(name: string): string {
  const text = `lower(trim(${name}))`;
  const home = `regexp_replace(split_part(${text}, '#ext#', 1), '_([^_]*)$', '@\\1')`;
  return `CASE WHEN NOT regexp_full_match(trim(${name}), '[^\\s"\\[\\]{}]+@[^\\s"\\[\\]{}@]+') THEN NULL WHEN contains(${text}, '#ext#') THEN ${home} ELSE split_part(${text}, '#', -1) END`;
}

/** SQL for an address as Azure writes it, without the port that some of its services add. */
export function addressWithoutPort(address: string): string {
  return `regexp_replace(regexp_replace(${address}, '^([0-9]{1,3}(?:\\.[0-9]{1,3}){3}):[0-9]+$', '\\1'), '^\\[([0-9A-Fa-f:.]+)\\](?::[0-9]+)?$', '\\1')`;
}

/** SQL for Azure's ids of directories, subscriptions, users and applications: whether a text is a GUID. */
export function isGuid(text: string): string {
  return `regexp_full_match(${text}, '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}')`;
}
