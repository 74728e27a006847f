import { compileOperation, operations, type OperationText } from "../operation.ts";

const HOST = "<bucket>.<s3Host>";
const TRANSFER = (out: string, into: string): string =>
  `{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":${into},"AuthenticationMethod":"AuthHeader","x-amz-id-2":"<s3Id2>","bytesTransferredOut":${out}}`;
const BUCKET = `{"accountId":"<account>","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::<bucket>"}`;
const OBJECT = `[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::<bucket>/<objectKey>"},${BUCKET}]`;

function bucketCall(parameter: string, more: Partial<OperationText> = {}): OperationText {
  return {
    request: `{"bucketName":"<bucket>","Host":"${HOST}","${parameter}":""}`,
    additional: TRANSFER("<bytes>", "0"),
    resources: `[${BUCKET}]`,
    host: HOST,
    ...more,
  };
}

function objectCall(more: Partial<OperationText> = {}): OperationText {
  return {
    request: `{"bucketName":"<bucket>","Host":"${HOST}","key":"<objectKey>"}`,
    additional: TRANSFER("<bytes>", "0"),
    resources: OBJECT,
    host: HOST,
    data: true,
    ...more,
  };
}

const SECURE_TRANSPORT = `{"Version":"2012-10-17","Statement":[{"Sid":"SecureTransport","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::<bucket>","arn:aws:s3:::<bucket>/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`;

const KEY = `[{"accountId":"<account>","type":"AWS::KMS::Key","ARN":"arn:aws:kms:<region>:<account>:key/<key>"}]`;
const SECRET_CONTEXT = `{"SecretARN":"arn:aws:secretsmanager:<region>:<account>:secret:<secret>","SecretVersionId":"<guid>"}`;
const TABLE = `[{"accountId":"<account>","type":"AWS::DynamoDB::Table","ARN":"arn:aws:dynamodb:<region>:<account>:table/<table>"}]`;
const item = (action: Partial<OperationText> = {}): OperationText => ({
  request: `{"tableName":"<table>","key":{"pk":"<service>#<guid>"},"consistentRead":false}`,
  resources: TABLE,
  data: true,
  ...action,
});
const queue = `{"queueUrl":"https://sqs.<region>.amazonaws.com/<account>/<queue>"}`;
const QUEUE = `[{"accountId":"<account>","type":"AWS::SQS::Queue","ARN":"arn:aws:sqs:<region>:<account>:<queue>"}]`;

/** S3, KMS, DynamoDB, SQS, SNS, Secrets Manager, Parameter Store, RDS and backups. */
export const STORAGE = operations({
  "s3:GetObject": objectCall({ faults: [["NoSuchKey", "The specified key does not exist."]] }),
  "s3:HeadObject": objectCall({ faults: [["NoSuchKey", "The specified key does not exist."]] }),
  "s3:PutObject": objectCall({
    request: `{"bucketName":"<bucket>","Host":"${HOST}","key":"<objectKey>","x-amz-server-side-encryption":"aws:kms"}`,
    response: `{"x-amz-server-side-encryption":"aws:kms","x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:<region>:<account>:key/<key>"}`,
    additional: TRANSFER("0", "<bytes>"),
  }),
  "s3:DeleteObject": objectCall(),
  "s3:ListObjects": objectCall({
    request: `{"list-type":"2","bucketName":"<bucket>","encoding-type":"url","prefix":"<service>/","delimiter":"/","Host":"${HOST}"}`,
    resources: `[{"type":"AWS::S3::Object","ARNPrefix":"arn:aws:s3:::<bucket>/"},${BUCKET}]`,
  }),
  "s3:CreateMultipartUpload": objectCall({ response: `{"x-amz-server-side-encryption":"aws:kms"}` }),
  "s3:CompleteMultipartUpload": objectCall({ request: `{"bucketName":"<bucket>","Host":"${HOST}","uploadId":"<hex32>","key":"<objectKey>"}` }),
  "s3:ListBuckets": { request: `{"Host":"<s3Host>"}`, additional: TRANSFER("<bytes>", "0"), host: "<s3Host>" },
  "s3:GetBucketAcl": bucketCall("acl"),
  "s3:GetBucketLocation": bucketCall("location"),
  "s3:GetBucketPolicy": bucketCall("policy", { faults: [["NoSuchBucketPolicy", "The bucket policy does not exist"]] }),
  "s3:GetBucketPolicyStatus": bucketCall("policyStatus", { faults: [["NoSuchBucketPolicy", "The bucket policy does not exist"]] }),
  "s3:GetBucketVersioning": bucketCall("versioning", { faults: [["NoSuchBucket", "The specified bucket does not exist"]] }),
  "s3:GetBucketEncryption": bucketCall("encryption"),
  "s3:GetBucketTagging": bucketCall("tagging", { faults: [["NoSuchTagSet", "The TagSet does not exist"]] }),
  "s3:GetBucketLogging": bucketCall("logging"),
  "s3:GetBucketCors": bucketCall("cors", { faults: [["NoSuchCORSConfiguration", "The CORS configuration does not exist"]] }),
  "s3:GetBucketLifecycle": bucketCall("lifecycle", { faults: [["NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"]] }),
  "s3:GetBucketReplication": bucketCall("replication", { faults: [["ReplicationConfigurationNotFoundError", "The replication configuration was not found"]] }),
  "s3:GetBucketWebsite": bucketCall("website", { faults: [["NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration"]] }),
  "s3:GetBucketPublicAccessBlock": bucketCall("publicAccessBlock"),
  "s3:GetBucketObjectLockConfiguration": bucketCall("object-lock", {
    faults: [["ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket"]],
  }),
  "s3:GetAccelerateConfiguration": bucketCall("accelerate"),
  "s3:GetBucketOwnershipControls": bucketCall("ownershipControls"),
  "s3:PutBucketTagging": bucketCall("tagging"),
  "s3:PutBucketPublicAccessBlock": bucketCall("publicAccessBlock", {
    request: `{"publicAccessBlock":"","bucketName":"<bucket>","PublicAccessBlockConfiguration":{"xmlns":"http://s3.amazonaws.com/doc/2006-03-01/","RestrictPublicBuckets":true,"BlockPublicPolicy":true,"BlockPublicAcls":true,"IgnorePublicAcls":true},"Host":"${HOST}"}`,
  }),
  "s3:PutBucketPolicy": bucketCall("policy", { request: `{"bucketPolicy":${SECURE_TRANSPORT},"bucketName":"<bucket>","Host":"${HOST}","policy":""}` }),
  "kms:Decrypt": { request: `{"encryptionAlgorithm":"SYMMETRIC_DEFAULT","encryptionContext":{"aws:s3:arn":"arn:aws:s3:::<bucket>"},"keyId":"arn:aws:kms:<region>:<account>:key/<key>"}`, resources: KEY },
  "kms:GenerateDataKey": { request: `{"keyId":"arn:aws:kms:<region>:<account>:key/<key>","encryptionContext":{"aws:s3:arn":"arn:aws:s3:::<bucket>"},"keySpec":"AES_256"}`, resources: KEY },
  "kms:Encrypt": { request: `{"encryptionAlgorithm":"SYMMETRIC_DEFAULT","encryptionContext":{"service":"<service>"},"keyId":"arn:aws:kms:<region>:<account>:key/<key>"}`, readOnly: true, resources: KEY },
  "kms:DescribeKey": { request: `{"keyId":"<key>"}`, resources: KEY },
  "kms:ListAliases": { request: `{"limit":100}` },
  "kms:GetKeyRotationStatus": { request: `{"keyId":"<key>"}`, resources: KEY },
  "kms:GetKeyPolicy": { request: `{"keyId":"<key>","policyName":"default"}`, resources: KEY },
  "kms:CreateGrant": {
    request: `{"keyId":"arn:aws:kms:<region>:<account>:key/<key>","granteePrincipal":"<region>.ec2.amazonaws.com","operations":["Decrypt","GenerateDataKeyWithoutPlaintext"],"constraints":{"encryptionContextSubset":{"aws:ebs:id":"<volume>"}}}`,
    response: `{"grantId":"<hex32><hex32>","keyId":"arn:aws:kms:<region>:<account>:key/<key>"}`,
    resources: KEY,
  },
  "dynamodb:GetItem": item(),
  "dynamodb:PutItem": item({ request: `{"tableName":"<table>","key":{"pk":"<service>#<guid>"},"items":["pk","sk","version","updatedAt"]}`, faults: [["ConditionalCheckFailedException", "The conditional request failed"]] }),
  "dynamodb:UpdateItem": item({ faults: [["ConditionalCheckFailedException", "The conditional request failed"]] }),
  "dynamodb:Query": item({ request: `{"tableName":"<table>","indexName":"by-customer","limit":<small>,"scanIndexForward":false,"keyConditionExpression":"#pk = :pk"}` }),
  "dynamodb:BatchGetItem": item({ request: `{"requestItems":{"<table>":{"keys":[{"pk":"<service>#<guid>"},{"pk":"<service>#<guid2>"}]}}}` }),
  "dynamodb:DescribeTable": { request: `{"tableName":"<table>"}`, resources: TABLE, faults: [["ResourceNotFoundException", "Requested resource not found: Table: <table> not found"]] },
  "dynamodb:ListTables": { request: `{"limit":100}` },
  "dynamodb:DescribeContinuousBackups": { request: `{"tableName":"<table>"}`, resources: TABLE },
  "dynamodb:DescribeTimeToLive": { request: `{"tableName":"<table>"}`, resources: TABLE },
  "dynamodb:ListTagsOfResource": { request: `{"resourceArn":"arn:aws:dynamodb:<region>:<account>:table/<table>"}` },
  "sqs:GetQueueUrl": { request: `{"queueName":"<queue>"}`, response: queue, resources: QUEUE },
  "sqs:GetQueueAttributes": { request: `{"queueUrl":"https://sqs.<region>.amazonaws.com/<account>/<queue>","attributeNames":["ApproximateNumberOfMessages","ApproximateNumberOfMessagesNotVisible"]}`, resources: QUEUE },
  "sqs:ListQueues": { request: `{"maxResults":1000}` },
  "sqs:SendMessage": { request: queue, response: `{"messageId":"<guid>","mD5OfMessageBody":"<hex32>"}`, resources: QUEUE, data: true },
  "sqs:ReceiveMessage": { request: `{"queueUrl":"https://sqs.<region>.amazonaws.com/<account>/<queue>","maxNumberOfMessages":10,"waitTimeSeconds":20}`, readOnly: true, resources: QUEUE, data: true },
  "sns:ListTopics": {},
  "sns:GetTopicAttributes": { request: `{"topicArn":"arn:aws:sns:<region>:<account>:<service>-events"}` },
  "secretsmanager:GetSecretValue": { request: `{"secretId":"arn:aws:secretsmanager:<region>:<account>:secret:<secret>"}`, faults: [["ResourceNotFoundException", "Secrets Manager can't find the specified secret."]] },
  "secretsmanager:DescribeSecret": { request: `{"secretId":"<secret>"}` },
  "secretsmanager:ListSecrets": { request: `{"maxResults":100}` },
  "secretsmanager:GetResourcePolicy": { request: `{"secretId":"<secret>"}` },
  "ssm:GetParameter": { request: `{"name":"<parameter>","withDecryption":true}`, resources: `[{"accountId":"<account>","ARN":"arn:aws:ssm:<region>:<account>:parameter<parameter>"}]`, faults: [["ParameterNotFound", "Parameter not found."]] },
  "ssm:GetParameters": { request: `{"names":["<parameter>"],"withDecryption":true}`, resources: `[{"accountId":"<account>","ARN":"arn:aws:ssm:<region>:<account>:parameter<parameter>"}]` },
  "ssm:GetParametersByPath": { request: `{"path":"/<environment>/<service>","recursive":true,"withDecryption":true,"maxResults":10}`, faults: [["ThrottlingException", "Rate exceeded"]] },
  "ssm:DescribeParameters": { request: `{"parameterFilters":[{"key":"Name","option":"Equals","values":["<parameter>"]}]}`, faults: [["ThrottlingException", "Rate exceeded"]] },
  "ssm:PutParameter": { request: `{"name":"<parameter>","value":"HIDDEN_DUE_TO_SECURITY_REASONS","type":"String","overwrite":true}`, response: `{"version":<small>,"tier":"Standard"}` },
  "rds:DescribeDBInstances": { request: `{"dBInstanceIdentifier":"<database>"}`, faults: [["DBInstanceNotFound", "DBInstance <database> not found."]] },
  "rds:DescribeDBClusters": { request: `{"maxRecords":100}` },
  "rds:DescribeDBSnapshots": { request: `{"dBInstanceIdentifier":"<database>","snapshotType":"automated","includeShared":false,"includePublic":false}` },
  "rds:DescribeEvents": { request: `{"sourceType":"db-instance","duration":60}` },
  "rds:ListTagsForResource": { request: `{"resourceName":"arn:aws:rds:<region>:<account>:db:<database>"}` },
  "rds:DescribeDBParameters": { request: `{"dBParameterGroupName":"default.postgres16"}` },
  "backup:StartBackupJob": { request: `{"backupVaultName":"daily","resourceArn":"arn:aws:rds:<region>:<account>:db:<database>","iamRoleArn":"arn:aws:iam::<account>:role/service-role/AWSBackupDefaultServiceRole"}`, response: `{"backupJobId":"<guid>","creationDate":"<now>"}` },
  "backup:ListBackupJobs": { request: `{"byState":"COMPLETED","maxResults":"100"}` },
});

/** What Secrets Manager does with KMS on behalf of the caller. */
export const SECRET_DECRYPT = compileOperation("kms:Decrypt", { request: `{"encryptionAlgorithm":"SYMMETRIC_DEFAULT","encryptionContext":${SECRET_CONTEXT}}`, resources: KEY });
