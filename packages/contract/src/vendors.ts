/** The kinds of `CollectorReach`, by themselves: a program that only names them starts without the schemas. */
export const VENDORS = ["okta", "github", "microsoft-graph", "google-workspace", "guardduty", "azure-event-hubs"] as const;
