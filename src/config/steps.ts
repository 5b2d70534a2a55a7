/** The settings of one version of the file as the next one has them; whatever stands there may be wrong. */
export type Step = (former: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

/**
 * One for each change of keys that a file of before would not survive: the first leads from version 1 to 2.
 * New keys need none.
 */
export const STEPS: readonly Step[] = [];
