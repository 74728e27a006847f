/** Names of Linux's error numbers, as far as a system call that rules look at fails with them. */
const ERRORS = "EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP";
const NETWORK_ERRORS: Readonly<Record<number, string>> = { 97: "EAFNOSUPPORT", 98: "EADDRINUSE", 99: "EADDRNOTAVAIL", 101: "ENETUNREACH", 103: "ECONNABORTED", 104: "ECONNRESET", 110: "ETIMEDOUT", 111: "ECONNREFUSED", 113: "EHOSTUNREACH", 115: "EINPROGRESS" };

/** SQL for why a system call failed: the error's name, else its number. @param exit SQL for what it returned, `-13` */
export function errorName(exit: string): string {
  const names = [...ERRORS.split(" ").map((name, index) => [index + 1, name] as const), ...Object.entries(NETWORK_ERRORS)];
  return `CASE ${exit} ${names.map(([number, name]) => `WHEN '-${number}' THEN '${name}'`).join(" ")} ELSE ${exit} END`;
}
