import * as z from "zod";
import { azureEventHubs, type HubCollected } from "../hub/azureEventHubs.ts";
import { hubReach } from "../hub/reach.ts";
import { github, githubReach } from "./github.ts";
import { googleReach, googleWorkspace } from "./googleWorkspace.ts";
import { guardduty, guarddutyReach } from "./guardduty.ts";
import { graphReach, microsoftGraph } from "./microsoftGraph.ts";
import { okta, oktaReach } from "./okta.ts";
import type { Vendor } from "./poller.ts";

/** What it takes to ask a vendor, as it is kept sealed. */
export const reach = z.discriminatedUnion("kind", [oktaReach, githubReach, graphReach, googleReach, guarddutyReach, hubReach]);
export type Reach = z.infer<typeof reach>;
export type VendorKind = Reach["kind"];

export function vendorOf(to: Reach): Vendor | HubCollected {
  if (to.kind === "azure-event-hubs") return azureEventHubs(to);
  if (to.kind === "okta") return okta(to);
  if (to.kind === "github") return github(to);
  if (to.kind === "guardduty") return guardduty(to);
  return to.kind === "google-workspace" ? googleWorkspace(to) : microsoftGraph(to);
}
