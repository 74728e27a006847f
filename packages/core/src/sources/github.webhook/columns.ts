import { OBJECT_TIME, PLACE_IDENTITY, timestampSql, type Column } from "../definition.ts";
import { activityId, classUid, conclusion, outcome, statusId } from "./eventClass.ts";
import { eventType } from "./eventType.ts";

/** When what the event is about last changed, most particular first. Payloads have no time of their own, and commits bear whatever time their author likes. */
const TIMES = [
  "workflow_job.completed_at", "workflow_job.started_at", "workflow_job.created_at", "deployment_status.updated_at", "deployment.updated_at", "workflow_run.updated_at", "check_run.completed_at",
  "check_run.started_at", "check_suite.updated_at", "review.submitted_at", "comment.updated_at", "pull_request.updated_at", "pull_request.created_at", "issue.updated_at", "alert.updated_at",
  "alert.created_at", "release.published_at", "rule.updated_at", "repository_ruleset.updated_at", "key.created_at", "starred_at",
];

/** What is deleted does not say when. Of a push the repository does, in seconds; it stands in all other events too, where it tells of an earlier push. */
const time = `coalesce(
    CASE WHEN "@action" = 'deleted' THEN NULL
      WHEN event_type = 'push' AND regexp_full_match("@repository.pushed_at", '[0-9]{9,10}') THEN epoch_ms(TRY_CAST("@repository.pushed_at" AS BIGINT) * 1000)
      WHEN event_type IN ('installation', 'installation_repositories') THEN ${timestampSql(`"@installation.updated_at"`)}
      ELSE coalesce(${TIMES.map((name) => timestampSql(`"@${name}"`)).join(", ")}) END, ${OBJECT_TIME})`;

const account = `coalesce(${["organization.login", "installation.account.login"].map((name) => `nullif("@${name}", '')`).join(", ")},
    CASE WHEN contains("@repository.full_name", '/') THEN nullif(split_part("@repository.full_name", '/', 1), '') END, nullif("@enterprise.slug", ''))`;

const actor = `coalesce(nullif("@sender.login", ''), nullif("@pusher.name", ''))`;

const entityKind = `CASE
    WHEN actor_name IS NOT NULL THEN CASE WHEN "@sender.type" = 'Bot' OR ends_with(actor_name, '[bot]') THEN 'role' WHEN "@sender.type" = 'Organization' THEN 'account' ELSE 'user' END
    WHEN account IS NOT NULL THEN 'account' ELSE 'unknown' END`;

export const columns: readonly Column[] = [
  // The delivery's id is in a header only.
  ...PLACE_IDENTITY,
  { name: "members", type: "VARCHAR[]", sql: `json_keys(json)`, stored: false },
  { name: "event_type", type: "VARCHAR", sql: eventType, uses: ["members"] },
  { name: "conclusion", type: "VARCHAR", sql: conclusion, uses: ["event_type"] },
  { name: "time", type: "TIMESTAMP", sql: time, uses: ["event_type"] },
  { name: "class_uid", type: "INTEGER", sql: classUid, uses: ["event_type"] },
  { name: "activity_id", type: "INTEGER", sql: activityId, uses: ["event_type", "class_uid"] },
  { name: "status_id", type: "INTEGER", sql: statusId, uses: ["event_type", "conclusion"] },
  { name: "operation", type: "VARCHAR", sql: `nullif(concat_ws('.', event_type, nullif("@action", '')), '')`, uses: ["event_type"] },
  { name: "service", type: "VARCHAR", sql: `event_type`, uses: ["event_type"] },
  { name: "account", type: "VARCHAR", sql: account },
  { name: "region", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "address", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "user_agent", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "outcome", type: "VARCHAR", sql: outcome, uses: ["conclusion", "status_id"] },
  { name: "access_key", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "actor_name", type: "VARCHAR", sql: actor },
  { name: "actor_uid", type: "VARCHAR", sql: `"@sender.id"`, field: "sender.id" },
  { name: "entity_kind", type: "VARCHAR", sql: entityKind, uses: ["actor_name", "account"] },
  { name: "entity_name", type: "VARCHAR", sql: `coalesce(actor_name, account, 'unknown')`, uses: ["actor_name", "account"] },
  { name: "entity_key", type: "VARCHAR", sql: `CASE entity_kind WHEN 'unknown' THEN 'unknown:unknown' ELSE entity_kind || ':github:' || lower(entity_name) END`, uses: ["entity_kind", "entity_name"] },
  { name: "resource", type: "VARCHAR", sql: `coalesce(nullif("@repository.full_name", ''), account)`, uses: ["account"] },
  { name: "action", type: "VARCHAR", sql: `"@action"`, field: "action" },
  { name: "sender", type: "VARCHAR", sql: `"@sender.login"`, field: "sender.login" },
  { name: "sender_type", type: "VARCHAR", sql: `"@sender.type"`, field: "sender.type" },
  { name: "repo", type: "VARCHAR", sql: `"@repository.full_name"`, field: "repository.full_name" },
  { name: "visibility", type: "VARCHAR", sql: `"@repository.visibility"`, field: "repository.visibility" },
  { name: "private", type: "VARCHAR", sql: `"@repository.private"`, field: "repository.private" },
  { name: "ref", type: "VARCHAR", sql: `"@ref"`, field: "ref" },
  { name: "forced", type: "VARCHAR", sql: `"@forced"`, field: "forced" },
  { name: "number", type: "VARCHAR", sql: `coalesce("@pull_request.number", "@issue.number", "@alert.number")` },
  { name: "title", type: "VARCHAR", sql: `"@pull_request.title"`, field: "pull_request.title" },
  { name: "author", type: "VARCHAR", sql: `"@pull_request.user.login"`, field: "pull_request.user.login" },
  { name: "head_repo", type: "VARCHAR", sql: `"@pull_request.head.repo.full_name"`, field: "pull_request.head.repo.full_name" },
  { name: "workflow", type: "VARCHAR", sql: `"@workflow_run.name"`, field: "workflow_run.name" },
  { name: "workflow_event", type: "VARCHAR", sql: `"@workflow_run.event"`, field: "workflow_run.event" },
  { name: "runner", type: "VARCHAR", sql: `"@workflow_job.runner_name"`, field: "workflow_job.runner_name" },
  { name: "runner_group", type: "VARCHAR", sql: `"@workflow_job.runner_group_name"`, field: "workflow_job.runner_group_name" },
  { name: "target_user", type: "VARCHAR", sql: `coalesce("@member.login", "@membership.user.login", "@invitation.login")` },
  { name: "team", type: "VARCHAR", sql: `"@team.name"`, field: "team.name" },
  { name: "secret_type", type: "VARCHAR", sql: `"@alert.secret_type"`, field: "alert.secret_type" },
  { name: "alert_severity", type: "VARCHAR", sql: `lower(coalesce("@alert.security_advisory.severity", "@alert.rule.security_severity_level"))` },
];
