import { ANY_SOURCE } from "../../../sources/index.ts";
import type { Collected } from "../poll/poller.ts";
import { hubOf, type Hub, type HubReach } from "./reach.ts";

/** A hub whose events are collected. */
export interface HubCollected extends Collected {
  hub: Hub;
  /** What its records are said to be: a source, or `ANY_SOURCE`. */
  records: string;
}

/** Where a hub is listed whose records are of several sources: most that Azure sends is of this one. */
const LISTED = "azure.diagnostics";

/** An event hub, as diagnostic settings of Azure, Entra and Defender send to. */
export function azureEventHubs(to: HubReach): HubCollected {
  const hub = hubOf(to);
  return { source: to.source ?? LISTED, records: to.source ?? ANY_SOURCE, target: `sb://${hub.host}/${hub.name} (${hub.group})`, needs: needsOf(hub), hub };
}

function needsOf({ host, name, group, identity }: Hub): string {
  const [namespace = host] = host.split(".");
  const ofHub = `--resource-group GROUP --namespace-name ${namespace} --eventhub-name ${name}`;
  const who =
    identity.by === "key"
      ? `A shared access policy of the hub with the claim Listen and no other. It, and its connection string:\n  az eventhubs eventhub authorization-rule create ${ofHub} --name corduroy --rights Listen\n  az eventhubs eventhub authorization-rule keys list ${ofHub} --name corduroy --query primaryConnectionString`
      : `The application needs the role Azure Event Hubs Data Receiver on the hub, and no other:\n  az role assignment create --assignee ${identity.client} --role "Azure Event Hubs Data Receiver" --scope /subscriptions/SUBSCRIPTION/resourceGroups/GROUP/providers/Microsoft.EventHub/namespaces/${namespace}/eventhubs/${name}`;
  const own = group.toLowerCase() === "$default" ? "" : `\nThe consumer group:\n  az eventhubs eventhub consumer-group create ${ofHub} --name ${group}`;
  return `${who}${own}`;
}
