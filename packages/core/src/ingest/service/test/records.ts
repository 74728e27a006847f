/** A CloudTrail record; the same number gives the same event, and each third is a finding. */
function trailRecord(no: number): object {
  return {
    eventVersion: "1.10", eventTime: `2020-11-18T09:00:${String(no % 60).padStart(2, "0")}Z`, eventSource: "cloudtrail.amazonaws.com", eventName: no % 3 === 0 ? "StopLogging" : "GetTrail",
    awsRegion: "eu-west-1", sourceIPAddress: "203.0.113.24", userIdentity: { type: "IAMUser", userName: `user-${no % 5}`, accountId: "111122223333", arn: "arn:aws:iam::111122223333:user/x", principalId: "AIDAEXAMPLE" },
    eventID: `5d7c1ec2-45a4-42ca-b3ce-${String(no).padStart(12, "0")}`, recipientAccountId: "111122223333", requestParameters: { name: "é\u0001" }, responseElements: null,
  };
}

/** A CloudTrail file with seven records from this number on. */
export function trailFrom(no: number): string {
  return JSON.stringify({ Records: Array.from({ length: 7 }, (_, index) => trailRecord(no + index)) });
}
