const FINDINGS = ["secret_scanning_alert", "secret_scanning_alert_location", "code_scanning_alert", "dependabot_alert", "repository_vulnerability_alert"];
export const POLICIES = ["branch_protection_rule", "repository_ruleset"];
const ENTITIES = [...POLICIES, "deploy_key", "meta", "installation", "installation_repositories"];

const among = (sql: string, values: readonly string[]): string => `${sql} IN (${values.map((value) => `'${value}'`).join(", ")})`;

/** OCSF's class. */
export const classUid = `CASE
    WHEN ${among("event_type", FINDINGS)} THEN 2004
    WHEN event_type = 'member' OR (event_type = 'organization' AND starts_with("@action", 'member_')) THEN 3005
    WHEN ${among("event_type", ["membership", "team", "team_add"])} THEN 3006
    WHEN ${among("event_type", ENTITIES)} THEN 3004
    ELSE 6003 END`;

/** OCSF's activity within the class. */
export const activityId = `CASE class_uid
    WHEN 2004 THEN CASE WHEN event_type = 'secret_scanning_alert_location' THEN 2 WHEN "@action" IN ('created', 'create', 'appeared_in_branch') THEN 1
      WHEN "@action" IN ('resolved', 'resolve', 'fixed', 'dismissed', 'dismiss', 'auto_dismissed', 'closed_by_user') THEN 3 ELSE 2 END
    WHEN 3005 THEN CASE WHEN "@action" IN ('removed', 'member_removed') THEN 2 ELSE 1 END
    WHEN 3006 THEN CASE WHEN event_type = 'team_add' THEN 1 ELSE CASE concat(event_type, '.', "@action") WHEN 'membership.added' THEN 3 WHEN 'membership.removed' THEN 4 WHEN 'team.created' THEN 6
      WHEN 'team.deleted' THEN 5 WHEN 'team.added_to_repository' THEN 1 WHEN 'team.removed_from_repository' THEN 2 ELSE 99 END END
    WHEN 3004 THEN CASE "@action" WHEN 'created' THEN 1 WHEN 'deleted' THEN 4 WHEN 'suspend' THEN 12 WHEN 'unsuspend' THEN 13 ELSE 3 END
    ELSE CASE WHEN event_type IN ('create', 'fork', 'repository_dispatch', 'workflow_dispatch') OR "@action" IN ('created', 'opened', 'published', 'submitted', 'requested', 'queued') THEN 1
      WHEN event_type = 'delete' OR "@action" IN ('deleted', 'removed') THEN 4 WHEN event_type = 'ping' THEN 99 WHEN event_type IS NULL THEN 0 ELSE 3 END END`;

/** What a run came to: work is under way as long as there is nothing. */
export const conclusion = `CASE event_type WHEN 'workflow_job' THEN "@workflow_job.conclusion" WHEN 'workflow_run' THEN "@workflow_run.conclusion" WHEN 'check_run' THEN "@check_run.conclusion"
    WHEN 'check_suite' THEN "@check_suite.conclusion" WHEN 'deployment_status' THEN "@deployment_status.state" WHEN 'status' THEN "@state" END`;

const RUNS = ["workflow_job", "workflow_run", "check_run", "check_suite", "deployment_status", "status"];

/** An event tells what was done, so it succeeded; only runs may fail, or be neither. */
export const statusId = `CASE WHEN conclusion IN ('failure', 'timed_out', 'startup_failure', 'error') THEN 2 WHEN conclusion <> 'success' OR (conclusion IS NULL AND ${among("event_type", RUNS)}) THEN 0 ELSE 1 END`;

export const outcome = `CASE WHEN status_id = 1 THEN 'success' ELSE nullif(conclusion, '') END`;
