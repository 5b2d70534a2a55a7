import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';

const PERCENT = Number(process.env.DASHVOIP_MUTATE_SAMPLE ?? '100');
const SEED = process.env.DASHVOIP_MUTATE_SEED ?? '1';

/** @typedef {import('@stryker-mutator/api/core').Mutant} Mutant */

/**
 * Leaves out of a run what is not in the sample, by the one door that Stryker has for it: a checker, whose refusals it
 * reports as faults that do not compile. What is drawn hangs on the seed and on the fault alone, so that the same seed
 * draws the same faults again, and a greater share has all of a smaller one.
 */
class Sample {
  async init() {}

  /** @param {readonly Mutant[]} mutants */
  async check(mutants) {
    return Object.fromEntries(mutants.map((mutant) => [mutant.id, verdict(mutant)]));
  }

  /** @param {readonly Mutant[]} mutants */
  async group(mutants) {
    return [mutants.map(({ id }) => id)];
  }
}

/** @param {Mutant} mutant */
function verdict({ fileName, mutatorName, replacement, location: { start, end } }) {
  const place = [start.line, start.column, end.line, end.column].join(':');
  const fault = [SEED, relative('', fileName), mutatorName, place, replacement].join('\n');
  const drawn = createHash('sha256').update(fault).digest().readUInt32BE() / 2 ** 32;
  if (drawn < PERCENT / 100) return { status: 'passed' };
  return { status: 'compileError', reason: 'not in the sample' };
}

export const strykerPlugins = [declareClassPlugin(PluginKind.Checker, 'sample', Sample)];
