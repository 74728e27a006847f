import { embedded, operations } from "../operation.ts";

const trail = "arn:aws:cloudtrail:<region>:<account>:trail/<trail>";
const HOST = "<bucket>.<s3Host>";
const transfer = `{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":<small>,"AuthenticationMethod":"AuthHeader","x-amz-id-2":"<s3Id2>","bytesTransferredOut":0}`;
const bucket = `[{"accountId":"<account>","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::<bucket>"}]`;
const trust = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { Service: "ecs-tasks.amazonaws.com" }, Action: "sts:AssumeRole" },
    { Effect: "Allow", Principal: { AWS: "arn:aws:iam::<foreignAccount>:root" }, Action: "sts:AssumeRole" },
  ],
};

/** Operations that nobody in the company uses on an ordinary day. */
export const BREACH = operations({
  "iam:CreateUser": { request: `{"userName":"<user>","path":"/"}`, response: `{"user":{"path":"/","userName":"<user>","userId":"<userId>","arn":"arn:aws:iam::<account>:user/<user>","createDate":"<now>"}}`, global: true },
  "iam:AttachUserPolicy": { request: `{"userName":"<user>","policyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}`, global: true },
  "iam:CreateLoginProfile": { request: `{"userName":"<user>","passwordResetRequired":false}`, response: `{"loginProfile":{"userName":"<user>","createDate":"<now>","passwordResetRequired":false}}`, global: true },
  "iam:UpdateAssumeRolePolicy": { request: `{"roleName":"<role>","policyDocument":"${embedded(trust)}"}`, global: true },
  "cloudtrail:PutEventSelectors": {
    request: `{"trailName":"<trail>","eventSelectors":[{"readWriteType":"ReadOnly","includeManagementEvents":false,"dataResources":[],"excludeManagementEventSources":[]}]}`,
    response: `{"trailARN":"${trail}","eventSelectors":[{"readWriteType":"ReadOnly","includeManagementEvents":false,"dataResources":[],"excludeManagementEventSources":[]}]}`,
  },
  "cloudtrail:StopLogging": { request: `{"name":"${trail}"}` },
  "cloudtrail:DeleteTrail": { request: `{"name":"${trail}"}` },
  "guardduty:UpdateDetector": { request: `{"detectorId":"<detector>","enable":false}` },
  "guardduty:DeleteDetector": { request: `{"detectorId":"<detector>"}` },
  "ec2:CreateSnapshot": { request: `{"volumeId":"<volume>","description":""}`, response: `{"requestId":"<requestId>","snapshotId":"<newSnapshot>","volumeId":"<volume>","status":"pending","startTime":<nowMs>,"progress":"","ownerId":"<account>","volumeSize":"200","description":"","encrypted":false}` },
  "ec2:ModifySnapshotAttribute": { request: `{"snapshotId":"<newSnapshot>","createVolumePermission":{"add":{"items":[{"userId":"<foreignAccount>"}]}},"attributeType":"CREATE_VOLUME_PERMISSION"}`, response: `{"requestId":"<requestId>","_return":true}` },
  "s3:DeleteBucketPublicAccessBlock": { request: `{"bucketName":"<bucket>","Host":"${HOST}","publicAccessBlock":""}`, additional: transfer, resources: bucket, host: HOST },
  "s3:PutBucketPolicy": {
    request: `{"bucketPolicy":{"Version":"2012-10-17","Statement":[{"Sid":"PublicRead","Effect":"Allow","Principal":"*","Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::<bucket>","arn:aws:s3:::<bucket>/*"]}]},"bucketName":"<bucket>","Host":"${HOST}","policy":""}`,
    additional: transfer,
    resources: bucket,
    host: HOST,
  },
});
