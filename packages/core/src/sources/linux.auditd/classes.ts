/** OCSF 1.8.0: class and activity in one number, as in `type_uid`. */
type Kind = number;

const CALLS: readonly (readonly [Kind, string])[] = [
  [100701, "execve execveat fork vfork clone clone3"],
  [100702, "kill tkill tgkill pidfd_send_signal exit exit_group"],
  [100703, "process_vm_readv pidfd_open"],
  [100704, "ptrace process_vm_writev"],
  [100705, "setuid setreuid setresuid setfsuid setgid setregid setresgid setfsgid setgroups setuid32 setreuid32 setresuid32 setfsuid32 setgid32 setregid32 setresgid32 setfsgid32 setgroups32"],
  [100201, "init_module finit_module"],
  [100202, "delete_module"],
];

/** System calls on files, where a path is told. */
const FILE_CALLS: readonly (readonly [Kind, string])[] = [
  [100101, "creat mkdir mkdirat mknod mknodat link linkat symlink symlinkat"],
  [100103, "truncate truncate64 ftruncate ftruncate64 write pwrite64 writev fallocate"],
  [100104, "unlink unlinkat rmdir"],
  [100105, "rename renameat renameat2"],
  [100106, "utime utimes futimesat utimensat setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr setxattrat removexattrat"],
  [100107, "chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat chown32 fchown32 lchown32"],
  [100108, "stat lstat stat64 lstat64 newfstatat fstatat64 statx access faccessat faccessat2 getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr readlink readlinkat"],
  [100112, "mount"],
  [100113, "umount umount2"],
  [100114, "openat2 open_by_handle_at chdir fchdir chroot name_to_handle_at"],
];

/** System calls on sockets of the internet. */
const SOCKET_CALLS: readonly (readonly [Kind, string])[] = [
  [400101, "connect accept accept4 socketcall"],
  [400106, "sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg"],
  [400107, "bind listen"],
];

/** Records that come without a system call. */
const RECORDS: readonly (readonly [Kind, string])[] = [
  [300201, "USER_AUTH USER_LOGIN USER_START LOGIN ANOM_LOGIN_FAILURES ANOM_LOGIN_TIME ANOM_LOGIN_SESSIONS ANOM_LOGIN_LOCATION ANOM_LOGIN_ACCT ANOM_LOGIN_SERVICE"],
  [300202, "USER_LOGOUT USER_END"],
  [300207, "CHUSER_ID CHGRP_ID USER_ROLE_CHANGE ANOM_ROOT_TRANS"],
  [300299, "USER_ACCT USER_ERR USER_DEVICE CRED_ACQ CRED_DISP CRED_REFR GRP_AUTH"],
  [300101, "ADD_USER"],
  [300103, "USER_CHAUTHTOK"],
  [300106, "DEL_USER"],
  [300107, "ROLE_ASSIGN"],
  [300108, "ROLE_REMOVE"],
  [300109, "ACCT_LOCK RESP_ACCT_LOCK RESP_ACCT_LOCK_TIMED"],
  [300112, "ACCT_UNLOCK RESP_ACCT_UNLOCK_TIMED"],
  [300199, "USER_MGMT ROLE_MODIFY ANOM_ADD_ACCT ANOM_DEL_ACCT ANOM_MOD_ACCT"],
  [300606, "ADD_GROUP"],
  [300605, "DEL_GROUP"],
  [300699, "GRP_MGMT GRP_CHAUTHTOK"],
  [100701, "EXECVE USER_CMD"],
  [100702, "ANOM_ABEND SECCOMP"],
  [100799, "TTY USER_TTY"],
  [100201, "KERN_MODULE"],
  [400701, "CRYPTO_SESSION"],
  [400702, "CRYPTO_KEY_USER"],
  [600201, "SOFTWARE_UPDATE"],
  [600203, "SERVICE_START DAEMON_START DAEMON_RESUME SYSTEM_BOOT"],
  [600204, "SERVICE_STOP DAEMON_END DAEMON_ABORT SYSTEM_SHUTDOWN"],
  [600299, "SYSTEM_RUNLEVEL DAEMON_CONFIG DAEMON_ROTATE DAEMON_ACCEPT DAEMON_CLOSE DAEMON_ERR DAEMON_RECONFIG USYS_CONFIG TRUSTED_APP USER TEST VIRT_CONTROL VIRT_RESOURCE VIRT_MACHINE_ID"],
];

/** The kernel was asked for something else, or tells something by itself. */
const INVOKED = 100304;
const TOLD = 100399;

const isOneOf = (names: string): string => `operation IN (${names.split(" ").map((name) => `'${name}'`).join(", ")})`;
const cases = (kinds: readonly (readonly [Kind, string])[]): string => kinds.map(([kind, names]) => `WHEN ${isOneOf(names)} THEN ${kind}`).join(" ");

/** What a file is opened for stands in the second argument of `open`, in the third of `openat`: the last two bits are nothing but reading where they are none. */
const openedFor = `CASE WHEN list_contains(path_types, 'CREATE') THEN 100101 WHEN right(CASE operation WHEN 'open' THEN a1[1] ELSE a2[1] END, 1) IN ('0', '4', '8', 'c') THEN 100102 ELSE 100103 END`;

const ofCall = `CASE
  WHEN list_contains(record_types, 'EXECVE') THEN 100701 ${cases(CALLS)}
  WHEN socket_address IS NOT NULL AND ${isOneOf(SOCKET_CALLS.map(([, names]) => names).join(" "))} THEN CASE ${cases(SOCKET_CALLS)} END
  WHEN target_path IS NULL THEN ${INVOKED}
  WHEN operation IN ('open', 'openat') THEN ${openedFor} ${cases(FILE_CALLS)}
  WHEN socket_path IS NOT NULL THEN 100114
  ELSE ${INVOKED} END`;

const ofRecord = `CASE
  WHEN operation IN ('USER_MGMT', 'GRP_MGMT') AND grp IS NOT NULL THEN CASE WHEN starts_with(op, 'add-user-to-') OR contains(op, 'add-member') THEN 300603 WHEN starts_with(op, 'delete-user-from-') OR contains(op, 'delete-member') THEN 300604 ELSE 300699 END
  WHEN operation = 'CONFIG_CHANGE' THEN CASE WHEN contains(op, 'add_rule') THEN 100301 WHEN contains(op, 'remove_rule') THEN 100303 ELSE ${TOLD} END
  WHEN operation = 'USER_MGMT' AND contains(op, 'password') THEN 300103
  ${cases(RECORDS)}
  WHEN operation = 'PATH' AND target_path IS NOT NULL THEN 100199
  ELSE ${TOLD} END`;

/** SQL for OCSF's `type_uid` of an event, over its columns. */
export const typeUid = `CASE WHEN operation = record_types[1] THEN ${ofRecord} ELSE ${ofCall} END`;

/** Names of the classes. */
export const CLASSES: Readonly<Record<number, string>> = {
  1001: "File System Activity",
  1002: "Kernel Extension Activity",
  1003: "Kernel Activity",
  1007: "Process Activity",
  3001: "Account Change",
  3002: "Authentication",
  3006: "Group Management",
  4001: "Network Activity",
  4007: "SSH Activity",
  6002: "Application Lifecycle",
};
