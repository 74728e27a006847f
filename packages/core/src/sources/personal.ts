/**
 * Columns of text that tell of no person, whatever a sender writes: kinds, codes, ids of machines, accounts and things of the company. A column that is not named here may hold an
 * address, a name or an e-mail address, also one that somebody typed, and is hidden from roles without the right: a new column is, until somebody has looked at it.
 */
const TELLS_OF_NOBODY: ReadonlySet<string> = new Set(
  [
    // common
    "source event_uid entity_kind service account region operation outcome rule_id",
    // what kind of thing happened, and how it ended
    "event_type severity response_code error_code status result result_type result_signature event event_name message_type record_type category activity audit_category operation_type",
    "action action_type actions api method request_method verb subresource stage level decision conclusion classification tls_verify_status code facility msgid outcome_result",
    "risk_state risk_level severity_level severity_normalized alert_severity record_state workflow compliance control error_reason reject_reason delivery_action",
    "admin_consent read_only mfa interactive forced private archived is_proxy is_incident success res threat_suspected conditional_access device_trust device_compliant",
    // kinds of things and people
    "actor_type user_type sender_type target_type caller_type resource_type secret_type shared_with_type alert_type logon_type auth_type exception_type access_type",
    "client_app authentication_requirement authentication strategy connection transport protocol http_version tls_version tls_cipher cipher signature_version directionality direction",
    // the company's own things
    "logger environment namespace cluster container api_group application product company generator tenant organization_id business org repo team workflow_event runner_group module",
    "bucket bucket_owner load_balancer target_group access_point gateway vpc_id subnet_id interface_id instance_id az_id zone ecs_cluster ecs_task product_arn certificate vpc_endpoint",
    "client_id client_name app_id resource_group assigned_role resource_role invoked_by actor_account insight_service insight_operation insight_type permission old_permission visibility previous_visibility token_scopes",
    // numbers and ids that the vendor gives an event
    "trace_id span_id request_id correlation_id transaction_id audit_id finding_id alert_id version_id flow_version service_version log_status",
    "bytes received_bytes packets object_size total_time client_port listener_port target_port target_status source_port destination_port destination_ports port socket_port tcp_flags syscall syscall_no exit arch",
    "socket_family record_types traffic_path encryption_status acl_required firewall_action country",
  ].flatMap((names) => names.split(" ")),
);

/**
 * Whether a column may tell of a person. Texts may, unless they are named above, and so may bytes; numbers, times and truth values do not. The uid of a Unix account is a text here.
 * @param type DuckDB's
 */
export function mayTellOfPeople(name: string, type: string): boolean {
  return /^(?:VARCHAR|BLOB|JSON)/.test(type) && !TELLS_OF_NOBODY.has(name);
}
