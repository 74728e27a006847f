import { api } from "@corduroy/contract";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { call } from "../app/connection.ts";
import { Select } from "../parts/Field.tsx";
import type { Whose } from "./stream.ts";

const ANY = "";
const NO_TEAM = "none";
const NO_CATALOG = "There is no catalog that says whose accounts are whose.";
const ENVIRONMENTS: [NonNullable<Whose["environment"]> | typeof ANY, string][] = [[ANY, "Any environment"], ["production", "Production"], ["staging", "Staging"], ["development", "Development"], ["unknown", "No known environment"]];

/** Whose rows a query is about: of accounts that the catalog gives to a team, and in an environment. */
export function WhoseRows({ whose, onChange }: { whose: Whose; onChange: (whose: Whose) => void }): ReactNode {
  const catalog = useQuery({ queryKey: ["catalog"], queryFn: () => call(api.admin.catalog), staleTime: 300_000 });
  const teams = catalog.data?.teams.map(({ name, title }): [string, string] => [name, title]) ?? [];
  const { team } = whose;
  // A team that came with the address and has left the catalog stays visible.
  const gone: [string, string][] = team === undefined || team === NO_TEAM || teams.some(([name]) => name === team) ? [] : [[team, team]];
  const isThere = catalog.data === undefined || teams.length > 0 || team !== undefined || whose.environment !== undefined;
  const why = isThere ? null : NO_CATALOG;
  return (
    <span className="whose row">
      <Select label="Team" why={why} value={team ?? ANY} options={[[ANY, "Any team"], ...teams, ...gone, [NO_TEAM, "No team"]]} onChange={(value) => onChange({ ...whose, team: value === ANY ? undefined : value })} />
      <Select label="Environment" why={why} value={whose.environment ?? ANY} options={ENVIRONMENTS} onChange={(value) => onChange({ ...whose, environment: value === ANY ? undefined : value })} />
    </span>
  );
}
