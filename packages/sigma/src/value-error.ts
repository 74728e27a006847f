/** A rule's value or modifier chain that cannot be honoured; caught where the place in the file is known. */
export class ValueError extends Error {
  readonly hint: string | undefined;
  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}
