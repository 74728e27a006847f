/** Fakes of foreign services that speak the real protocol over loopback. For tests only. */
export { fakeS3, type FakeS3, type FakeS3Options } from "./s3/fakeS3.ts";
export type { ObjectSource } from "./s3/buckets.ts";
export type { S3Operation, S3Request } from "./s3/request.ts";
export { accessDenied, cutAfter, expiredToken, heldUntil, reset, slowDown, type Fault } from "./s3/faults.ts";
export { fakePagerDuty, type FakePagerDuty, type PagerDutyEvent, type PagerDutyIncident } from "./web/fakePagerDuty.ts";
export { fakeSlack, type FakeSlack, type SlackMessage } from "./web/fakeSlack.ts";
export type { SlackReading } from "./web/slackText.ts";
export { fakeWebhook, type FakeWebhook } from "./web/fakeWebhook.ts";
export type { WebFault, WebRequest, WebServer } from "./web/webServer.ts";
export { fakeSmtp, type FakeSmtp, type FakeSmtpOptions, type ReceivedMail, type SmtpFault } from "./mail/fakeSmtp.ts";
export { fakeSqs, type FakeSqs, type FakeSqsOptions, type SqsFault, type SqsRequest } from "./sqs/fakeSqs.ts";
export type { QueuedMessage } from "./sqs/queue.ts";
export { testClock, type TestClock } from "./sqs/testClock.ts";
export { fakeSts, type FakeSts } from "./sts/fakeSts.ts";
export { fakeKms, type FakeKms, type KmsRequest } from "./kms/fakeKms.ts";
export { issueCertificate, type Certificate } from "./certificates/issue.ts";
