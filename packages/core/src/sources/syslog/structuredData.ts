const PARAM = String.raw` [^ ="\]]+="(?:[^"\\]|\\[^\n])*"`;
const ELEMENT = String.raw`\[(?:[^"\]]|"(?:[^"\\]|\\[^\n])*")*\]`;

/** In a value a quote, a backslash and a closing bracket stand behind a backslash (RFC 5424, 6.3.3). */
const value = String.raw`regexp_replace(param[strpos(param, '=') + 2:-2], '\\(["\\\]])', '\1', 'g')`;
const param = `to_json(param[2:strpos(param, '=') - 1])::VARCHAR || ':' || to_json(${value})::VARCHAR`;
const params = `'{' || coalesce(list_aggregate(list_transform(regexp_extract_all(element, '${PARAM}'), lambda param: ${param}), 'string_agg', ','), '') || '}'`;
const element = String.raw`to_json(regexp_extract(element, '^\[([^ \]]*)', 1))::VARCHAR || ':' || ${params}`;

/** SQL for the structured data of RFC 5424 as JSON text: `{"origin":{"ip":"192.0.2.1"}}`. */
export function structuredData(column: string): string {
  return `'{' || list_aggregate(list_transform(regexp_extract_all(nullif(${column}, ''), '${ELEMENT}'), lambda element: ${element}), 'string_agg', ',') || '}'`;
}
