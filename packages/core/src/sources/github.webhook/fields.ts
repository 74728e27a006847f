/** Members of GitHub's webhook payloads that columns are made of, as rules name them. */
const names = [
  "action", "ref", "forced", "state", "starred_at", "sender.login", "sender.id", "sender.type", "pusher.name", "organization.login", "enterprise.slug", "installation.id", "installation.account.login", "installation.updated_at",
  "repository.full_name", "repository.visibility", "repository.private", "repository.pushed_at",
  "pull_request.number", "pull_request.title", "pull_request.user.login", "pull_request.head.repo.full_name", "pull_request.updated_at", "pull_request.created_at", "review.submitted_at",
  "issue.number", "issue.updated_at", "comment.updated_at", "release.published_at", "rule.updated_at", "repository_ruleset.updated_at", "key.created_at",
  "workflow_job.conclusion", "workflow_job.runner_name", "workflow_job.runner_group_name", "workflow_job.completed_at", "workflow_job.started_at", "workflow_job.created_at",
  "workflow_run.name", "workflow_run.conclusion", "workflow_run.event", "workflow_run.updated_at", "check_run.conclusion", "check_run.completed_at", "check_run.started_at",
  "check_suite.conclusion", "check_suite.updated_at", "deployment_status.state", "deployment_status.updated_at", "deployment.updated_at",
  "alert.number", "alert.secret_type", "alert.rule.id", "alert.security_advisory.severity", "alert.security_advisory.ghsa_id", "alert.rule.security_severity_level", "alert.updated_at", "alert.created_at",
  "alert.affected_package_name", "member.login", "membership.user.login", "invitation.login", "team.name",
];

export const fields: Readonly<Record<string, string>> = Object.fromEntries(names.map((name) => [name, `/${name.replaceAll(".", "/")}`]));
