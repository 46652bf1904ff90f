/** Exit codes of every command (docs/cli.md). Stopped by a signal: 128 and the signal's number. */
export const EXIT = { fine: 0, failed: 1, usage: 2 } as const;
