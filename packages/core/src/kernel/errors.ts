/**
 * The closed set of errors that a person may see. Each transport maps them once (exit code, HTTP status).
 * `message` says what is wrong, in one or two plain sentences; `hint`, when there is one, says what to do next.
 */
export class CorduroyError extends Error {
  readonly hint: string | undefined;

  constructor(message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.hint = options.hint;
  }
}

/** What was asked for does not exist. */
export class NotFound extends CorduroyError {}

/** The state of things forbids it right now: somebody else holds it, or it has already happened. */
export class Conflict extends CorduroyError {}

/** The input is wrong; the same input will be wrong again. */
export class Invalid extends CorduroyError {}

/** The input is understood and not allowed. */
export class Forbidden extends CorduroyError {}

/** Something we depend on (a disk, a child process, a time or memory limit) failed; trying again may help. */
export class Unavailable extends CorduroyError {}
