/** How the faults put into one folder went. */
export interface Score {
  readonly folder: string;
  readonly noticed: number;
  /** Where the faults are that no test noticed. */
  readonly lived: readonly string[];
}
