import type { Machine } from './machine';
import { numberIn } from './proc-text';

export interface RandomnessFacts {
  /** Whether getrandom() answers without waiting; undefined when it could not be asked. */
  readonly ready: boolean | undefined;
  readonly entropyBits: number | undefined;
  readonly poolBits: number | undefined;
  /** Hardware generator in use. */
  readonly hardware: string | undefined;
}

/** @param ready what getrandom() said. */
export function randomnessFacts(machine: Machine, ready: boolean | undefined): RandomnessFacts {
  const hardware = machine.text('/sys/class/misc/hw_random/rng_current')?.trim();
  return {
    ready,
    entropyBits: numberIn(machine.text('/proc/sys/kernel/random/entropy_avail')),
    poolBits: numberIn(machine.text('/proc/sys/kernel/random/poolsize')),
    hardware: hardware === '' || hardware === 'none' ? undefined : hardware,
  };
}
