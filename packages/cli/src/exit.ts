/** Exit codes, as documented in README.md. */
export const EXIT = { nothing: 0, findings: 1, failed: 2 } as const;
