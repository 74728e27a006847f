/** Attributes that have a column, by the names of OpenTelemetry's semantic conventions. */
export const RESOURCE: Readonly<Record<string, string>> = {
  "service.name": "service", "service.version": "service_version", "host.name": "host", "cloud.account.id": "account", "cloud.region": "region",
  "k8s.cluster.name": "cluster", "k8s.namespace.name": "namespace", "k8s.pod.name": "pod", "k8s.container.name": "container",
};
export const RECORD: Readonly<Record<string, string>> = {
  "user_agent.original": "user_agent", "http.request.method": "request_method", "http.response.status_code": "response_code", "url.path": "request_path",
  "exception.type": "exception_type", "exception.message": "exception_message", "log.file.path": "log_file", "session.id": "session_id",
};

/** Attributes that come together in one column. */
export const OTHERS = {
  environment: ["resource.attributes.deployment.environment.name", "resource.attributes.deployment.environment"],
  event: ["eventName", "attributes.event.name"],
  address: ["attributes.client.address", "attributes.source.address"],
  email: ["attributes.user.email"],
  uid: ["attributes.user.id", "attributes.enduser.id"],
  name: ["attributes.user.name"],
  id: ["attributes.log.record.uid"],
} as const;

export const resourceField = (name: string): string => `resource.attributes.${name}`;
export const recordField = (name: string): string => `attributes.${name}`;

/** An attribute's name has dots of its own: `resource.attributes.service.name` is `/resource/attributes/service.name`. */
export function pointer(field: string): string {
  const [, parent = "", name = ""] = /^((?:resource\.)?attributes|scope)\.(.+)$/.exec(field) ?? [];
  return parent === "" ? `/${field}` : `/${parent.replaceAll(".", "/")}/${name}`;
}
