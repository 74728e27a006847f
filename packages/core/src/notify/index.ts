export { deliver } from "./deliver.ts";
export { alertMessage, destination, emailDestination, pagerdutyDestination, slackDestination, webhookDestination, type AlertMessage, type Delivery, type Destination } from "./schemas.ts";
export { verifySignature, type SignedHeaders } from "./signature.ts";
