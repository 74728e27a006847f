type Outcome = 0 | 1 | 2;
/** What a type of log is: Auth0's name of it, OCSF's class * 100 + activity, and OCSF's status (1 success, 2 failure, 0 neither). */
type Code = readonly [name: string, act: number, outcome: Outcome];

const LOGON = 300201;
const LOGOFF = 300202;
const AUTHENTICATION_STEP = 300299;
const USER_CREATED = 300101;
const PASSWORD_CHANGED = 300103;
const PASSWORD_RESET = 300104;
const USER_DELETED = 300106;
const FACTOR_ADDED = 300110;
const FACTOR_REMOVED = 300111;
const UNBLOCKED = 300112;
const USER_CHANGED = 300199;
const FINDING = 200401;
const API_READ = 600302;
const API_DELETE = 600304;
const OTHER = 600399;

/** https://auth0.com/docs/deploy-monitor/logs/log-event-type-codes */
export const CODES: Readonly<Record<string, Code>> = {
  s: ["Success Login", LOGON, 1],
  f: ["Failed Login", LOGON, 2],
  fp: ["Failed Login (Incorrect Password)", LOGON, 2],
  fu: ["Failed Login (Invalid Email/Username)", LOGON, 2],
  fc: ["Failed by Connector", LOGON, 2],
  fco: ["Failed by CORS", LOGON, 2],
  scoa: ["Success cross-origin authentication", LOGON, 1],
  fcoa: ["Failed cross-origin authentication", LOGON, 2],
  ssa: ["Success Silent Auth", LOGON, 1],
  fsa: ["Failed Silent Auth", LOGON, 2],
  seccft: ["Success Exchange: Client Credentials for Access Token", LOGON, 1],
  feccft: ["Failed Exchange: Client Credentials for Access Token", LOGON, 2],
  sepft: ["Success Exchange: Password for Access Token", LOGON, 1],
  fepft: ["Failed Exchange: Password for Access Token", LOGON, 2],
  sens: ["Success Exchange: Native Social Login", LOGON, 1],
  fens: ["Failed Exchange: Native Social Login", LOGON, 2],
  seacft: ["Success Exchange: Authorization Code for Access Token", AUTHENTICATION_STEP, 1],
  feacft: ["Failed Exchange: Authorization Code for Access Token", AUTHENTICATION_STEP, 2],
  sede: ["Success Exchange: Device Code for Access Token", AUTHENTICATION_STEP, 1],
  fede: ["Failed Exchange: Device Code for Access Token", AUTHENTICATION_STEP, 2],
  seoobft: ["Success Exchange: Password and OOB Challenge for Access Token", LOGON, 1],
  feoobft: ["Failed Exchange: Password and OOB Challenge for Access Token", LOGON, 2],
  seotpft: ["Success Exchange: Password and OTP Challenge for Access Token", LOGON, 1],
  feotpft: ["Failed Exchange: Password and OTP Challenge for Access Token", LOGON, 2],
  sepotpft: ["Success Exchange: Passwordless OTP for Access Token", LOGON, 1],
  fepotpft: ["Failed Exchange: Passwordless OTP for Access Token", LOGON, 2],
  sercft: ["Success Exchange: Password and MFA Recovery Code for Access Token", LOGON, 1],
  fercft: ["Failed Exchange: Password and MFA Recovery Code for Access Token", LOGON, 2],
  sertft: ["Success Exchange: Refresh Token for Access Token", AUTHENTICATION_STEP, 1],
  fertft: ["Failed Exchange: Refresh Token for Access Token", AUTHENTICATION_STEP, 2],
  ferrt: ["Failed Exchange: Rotating Refresh Token", AUTHENTICATION_STEP, 2],
  sd: ["Success Delegation", AUTHENTICATION_STEP, 1],
  fd: ["Failed Delegation", AUTHENTICATION_STEP, 2],
  fdeac: ["Failed Device Activation", AUTHENTICATION_STEP, 2],
  fdeaz: ["Failed Device Authorization Request", AUTHENTICATION_STEP, 2],
  fdecc: ["User Canceled Device Confirmation", AUTHENTICATION_STEP, 2],
  fpar: ["Failed Pushed Authorization Request", AUTHENTICATION_STEP, 2],
  w: ["Warnings During Login", AUTHENTICATION_STEP, 0],
  pla: ["Pre-login Assessment", AUTHENTICATION_STEP, 0],
  mfar: ["MFA Required", AUTHENTICATION_STEP, 0],
  cs: ["Code Sent", AUTHENTICATION_STEP, 1],
  cls: ["Code/Link Sent", AUTHENTICATION_STEP, 1],
  gd_auth_succeed: ["MFA Auth success", LOGON, 1],
  gd_auth_failed: ["MFA Auth failed", LOGON, 2],
  gd_auth_rejected: ["MFA Auth rejected", LOGON, 2],
  gd_recovery_succeed: ["MFA Recovery success", LOGON, 1],
  gd_recovery_failed: ["MFA Recovery failed", LOGON, 2],
  gd_webauthn_challenge_failed: ["WebAuthn challenge failed", LOGON, 2],
  gd_start_auth: ["Second factor started", AUTHENTICATION_STEP, 0],
  gd_send_sms: ["SMS sent", AUTHENTICATION_STEP, 1],
  gd_send_pn: ["Push notification sent", AUTHENTICATION_STEP, 1],
  gd_send_voice: ["Voice call made", AUTHENTICATION_STEP, 1],
  gd_send_email: ["Email sent", AUTHENTICATION_STEP, 1],
  slo: ["Success Logout", LOGOFF, 1],
  flo: ["Failed Logout", LOGOFF, 2],
  ss: ["Success Signup", USER_CREATED, 1],
  fs: ["Failed Signup", USER_CREATED, 2],
  scp: ["Success Change Password", PASSWORD_CHANGED, 1],
  fcp: ["Failed Change Password", PASSWORD_CHANGED, 2],
  scpr: ["Success Change Password Request", PASSWORD_RESET, 1],
  fcpr: ["Failed Change Password Request", PASSWORD_RESET, 2],
  sdu: ["Success User Deletion", USER_DELETED, 1],
  fdu: ["Failed User Deletion", USER_DELETED, 2],
  du: ["Deleted User", USER_DELETED, 1],
  sce: ["Success Change Email", USER_CHANGED, 1],
  fce: ["Failed Change Email", USER_CHANGED, 2],
  scu: ["Success Change Username", USER_CHANGED, 1],
  fcu: ["Failed Change Username", USER_CHANGED, 2],
  scpn: ["Success Change Phone Number", USER_CHANGED, 1],
  fcpn: ["Failed Change Phone Number", USER_CHANGED, 2],
  sv: ["Success Verification Email", USER_CHANGED, 1],
  fv: ["Failed Verification Email", USER_CHANGED, 2],
  svr: ["Success Verification Email Request", USER_CHANGED, 1],
  fvr: ["Failed Verification Email Request", USER_CHANGED, 2],
  si: ["Successful invite accept", USER_CHANGED, 1],
  fi: ["Failed invite accept", USER_CHANGED, 2],
  sui: ["Success users import", USER_CHANGED, 1],
  fui: ["Failed users import", USER_CHANGED, 2],
  ublkdu: ["User login block released", UNBLOCKED, 1],
  gd_enrollment_complete: ["MFA Enrollment complete", FACTOR_ADDED, 1],
  gd_start_enroll: ["MFA Enroll started", USER_CHANGED, 0],
  gd_start_enroll_failed: ["MFA Enrollment failed", FACTOR_ADDED, 2],
  gd_webauthn_enrollment_failed: ["WebAuthn enrollment failed", FACTOR_ADDED, 2],
  gd_unenroll: ["Unenroll device account", FACTOR_REMOVED, 1],
  gd_user_delete: ["MFA user delete", FACTOR_REMOVED, 1],
  gd_update_device_account: ["Update device account", USER_CHANGED, 1],
  limit_wc: ["Blocked Account", FINDING, 0],
  limit_sul: ["Blocked Account (too many logins)", FINDING, 0],
  limit_mu: ["Blocked IP Address", FINDING, 0],
  pwd_leak: ["Breached password", FINDING, 0],
  signup_pwd_leak: ["Breached password on signup", FINDING, 0],
  reset_pwd_leak: ["Breached password on reset", FINDING, 0],
  gd_otp_rate_limit_exceed: ["Too many failures of a one-time password", FINDING, 0],
  gd_recovery_rate_limit_exceed: ["Too many failures of a recovery code", FINDING, 0],
  sapi: ["Success API Operation", OTHER, 1],
  fapi: ["Failed API Operation", OTHER, 2],
  mgmt_api_read: ["Management API read Operation", API_READ, 1],
  srrt: ["Success Revocation", API_DELETE, 1],
  gd_tenant_update: ["Guardian tenant update", OTHER, 1],
  fn: ["Failed Sending Notification", OTHER, 2],
  limit_delegation: ["Too Many Calls to /delegation", OTHER, 0],
  limit_ui: ["Too Many Calls to /userinfo", OTHER, 0],
  api_limit: ["Rate Limit on the Authentication or Management APIs", OTHER, 0],
  depnote: ["Deprecation Notice", OTHER, 0],
};

/** SQL for what the code in `event_type` has in one of its places. @param told SQL literal of it @param other SQL for codes that are not in the table */
export function codeSql(told: (code: Code) => string, other: string): string {
  const codes = new Map<string, string[]>();
  for (const [type, code] of Object.entries(CODES)) codes.set(told(code), [...(codes.get(told(code)) ?? []), `'${type}'`]);
  return `CASE ${[...codes].map(([value, types]) => `WHEN event_type IN (${types.join(", ")}) THEN ${value}`).join(" ")} ELSE ${other} END`;
}
