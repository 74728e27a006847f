import * as z from "zod";
import type { Belongs } from "../findings/index.ts";
import type { SecretBox } from "../identity/index.ts";
import type { Jobs } from "../jobs/index.ts";
import type { Outbound } from "../net/index.ts";
import { emailDestination, pagerdutyDestination, slackDestination, webhookDestination } from "../notify/index.ts";

/** What it takes to send somewhere, as it is kept sealed. The mail server is the service's own, so that its password stands in one place. */
export const reach = z.discriminatedUnion("type", [pagerdutyDestination, slackDestination, webhookDestination, emailDestination.pick({ type: true, to: true })]);
export type Reach = z.infer<typeof reach>;

export const newDestination = z.strictObject({ name: z.string().trim().min(1).max(60), reach });

/** The server that takes mail. */
export type MailServer = Omit<z.infer<typeof emailDestination>, "type" | "to">;

/** A destination that the catalog names for a team. */
export interface NamedRoute {
  kind: Reach["type"];
  name: string;
}

/** What alerts need of the service. */
export interface AlertSetup {
  box: SecretBox;
  outbound: Outbound;
  jobs: Pick<Jobs, "send">;
  /** Null where no mail can be sent. */
  mail: MailServer | null;
  /** Where people reach the UI, without a slash at the end; null where messages carry no link. */
  publicUrl: string | null;
  belongs: Belongs;
  /** Destinations that the catalog names for a team. */
  namedRoutes: (team: string) => readonly NamedRoute[];
  /** Told of findings that alerting has opened or added to. */
  onChanged: (findings: readonly string[]) => void;
}

/** Findings that were opened or opened again, as a job says it. */
export const openings = z.strictObject({
  findings: z.array(z.strictObject({ id: z.string(), openedAt: z.coerce.date() })),
  /** Whom to tell: the team, or the security team because the team could not be told. */
  to: z.enum(["team", "security"]),
});
export type Openings = z.infer<typeof openings>;

/** Queues of this room. */
export const ROUTE = "alerts.route";
export const DELIVER = "alerts.deliver";

/** The route of what nobody owns. */
export const SECURITY = "security";
