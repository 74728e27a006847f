import { api } from "@corduroy/contract";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { call } from "../app/connection.ts";
import { useWhyNot } from "../app/session.ts";
import { useVerb } from "../app/verbs.ts";
import { Panel } from "../parts/Page.tsx";
import { Loaded } from "../parts/States.tsx";

/** Who is told about what nobody owns. */
export function SecurityRoute({ destinations }: { destinations: { id: string; name: string }[] }): ReactNode {
  const settings = useQuery({ queryKey: ["settings"], queryFn: () => call(api.admin.settings) });
  const why = useWhyNot("settings.write");
  const set = useVerb((names: string[]) => call(api.admin.setSecurityRoute, { body: { destinations: names } }), { done: "The route is changed.", refresh: [["settings"]] });
  return (
    <Panel title="What nobody owns goes to">
      <Loaded query={settings} rows={destinations.length + 1} height={20}>
        {({ securityRoute }) => (
          <fieldset className="field" disabled={why !== null || set.isPending} title={why ?? undefined}>
            <legend className="unseen">Destinations for what nobody owns</legend>
            {destinations.map(({ id, name }) => (
              <label key={id} className="check">
                <input type="checkbox" checked={securityRoute.includes(name)} onChange={({ target }) => set.mutate(target.checked ? [...securityRoute, name] : securityRoute.filter((each) => each !== name))} />
                <span>{name}</span>
              </label>
            ))}
            {securityRoute.length === 0 && <small className="bad">Nowhere: nobody hears of a finding without an owner.</small>}
          </fieldset>
        )}
      </Loaded>
    </Panel>
  );
}
