/** How a command ends, for scripts to branch on. `postern --help` tells the same story. */
export const EXIT = {
  done: 0,
  /** It was refused, or failed: what was asked for did not happen. */
  failed: 1,
  /** The command line or the environment is wrong. */
  usage: 2,
  /** The database does not answer, is not there, or is not of this version. */
  unreachable: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
