import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const FOLDER = 'native/test/faults';

/** A fault to put into the C++ code: a patch, and the test that has to notice. */
export interface Fault {
  readonly name: string;
  readonly path: string;
  /** Filter of doctest's test cases. */
  readonly test: string;
}

/** Every patch of native/test/faults; its first line is `Test: FILTER`. */
export function readFaults(): Fault[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.patch'))
    .sort()
    .map((file) => {
      const path = join(FOLDER, file);
      const test = /^Test: (.+)$/m.exec(readFileSync(path, 'utf8'))?.[1];
      if (test === undefined) throw new Error(`${path}: expected a first line "Test: FILTER"`);
      return { name: basename(file, '.patch'), path, test };
    });
}

/** How the faults put into one folder went. */
export interface Score {
  readonly folder: string;
  /** All that can be put there; fewer may have been tried. */
  readonly faults: number;
  readonly noticed: number;
  /** Where the faults are that no test noticed. */
  readonly lived: readonly string[];
}
