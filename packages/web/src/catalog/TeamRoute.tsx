import { api, type Team } from "@corduroy/contract";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { call } from "../app/connection.ts";
import { useWhyNot } from "../app/session.ts";
import { useVerb } from "../app/verbs.ts";
import { Select } from "../parts/Field.tsx";

const AS_CATALOG = "";

/** Where a team's alerts go, and a choice of another place for who may say so. */
export function TeamRoute({ team }: { team: Team }): ReactNode {
  const why = useWhyNot("notifications.write");
  return (
    <span className="row">
      <Told team={team} />
      {why === null && <Choice team={team} />}
    </span>
  );
}

function Told({ team: { route, told } }: { team: Team }): ReactNode {
  if (told === null) return route.join(", ") || "the security team";
  const names = told.destinations.join(", ");
  if (told.by !== "security") return names;
  return names === "" ? <span className="bad">nobody: it has no route, and what nobody owns has none</span> : `${names}, as what nobody owns: it has no route`;
}

function Choice({ team: { name, title, told } }: { team: Team }): ReactNode {
  const destinations = useQuery({ queryKey: ["destinations"], queryFn: () => call(api.admin.destinations) });
  const set = useVerb((to: string) => call(api.admin.setTeamRoute, { params: { team: name }, body: { destinations: to === AS_CATALOG ? [] : [to] } }), { done: "The route is changed.", refresh: [["catalog"]] });
  const value = told?.by === "team" ? told.destinations.join(", ") : AS_CATALOG;
  const names = destinations.data?.items.map((each) => each.name) ?? [];
  const options = [...new Set([AS_CATALOG, value, ...names])].map((each): [string, string] => [each, each === AS_CATALOG ? "as the catalog says" : each]);
  return <Select label={`Where alerts of ${title} go`} value={value} options={options} why={set.isPending ? "It is being changed." : null} onChange={set.mutate} />;
}
