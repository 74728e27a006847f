/** Fields of an audit Event (audit.k8s.io/v1) that columns are made of, as Sigma rules name them. */
export const fields: Readonly<Record<string, string>> = {
  auditID: "/auditID",
  kind: "/kind",
  level: "/level",
  stage: "/stage",
  verb: "/verb",
  requestURI: "/requestURI",
  userAgent: "/userAgent",
  requestReceivedTimestamp: "/requestReceivedTimestamp",
  stageTimestamp: "/stageTimestamp",
  timestamp: "/timestamp",
  "user.username": "/user/username",
  "user.uid": "/user/uid",
  "user.extra.accessKeyId[0]": "/user/extra/accessKeyId/0",
  "user.extra.arn[0]": "/user/extra/arn/0",
  "user.extra.canonicalArn[0]": "/user/extra/canonicalArn/0",
  "user.extra.sessionName[0]": "/user/extra/sessionName/0",
  "impersonatedUser.username": "/impersonatedUser/username",
  sourceIPs: "/sourceIPs",
  "objectRef.resource": "/objectRef/resource",
  "objectRef.subresource": "/objectRef/subresource",
  "objectRef.namespace": "/objectRef/namespace",
  "objectRef.name": "/objectRef/name",
  "objectRef.apiGroup": "/objectRef/apiGroup",
  "responseStatus.code": "/responseStatus/code",
  "responseStatus.status": "/responseStatus/status",
  "responseStatus.reason": "/responseStatus/reason",
  decision: "/annotations/authorization.k8s.io~1decision",
};

/** What Sigma's rules call fields of the objects in a request, by the place where Kubernetes has them. */
export const sigmaNames: Readonly<Record<string, string>> = {
  apiGroup: "objectRef.apiGroup",
  capabilities: "requestObject.spec.containers.securityContext.capabilities.add",
  hostPath: "requestObject.spec.volumes.hostPath.path",
};
