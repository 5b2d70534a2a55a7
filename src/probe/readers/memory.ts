import type { Machine } from './machine';
import { fieldsOf, numberIn } from './proc-text';

/** Kilobytes of 1024 bytes. */
export interface MemoryFacts {
  readonly totalKb: number | undefined;
  readonly freeKb: number | undefined;
  /** What programs can still have without swapping. */
  readonly availableKb: number | undefined;
  readonly swapKb: number | undefined;
  readonly cmaKb: number | undefined;
  /** Resident memory of this probe, Node's pages and all. */
  readonly probeKb: number | undefined;
}

export function memoryFacts(machine: Machine): MemoryFacts {
  const memory = fieldsOf(machine.text('/proc/meminfo'));
  const own = fieldsOf(machine.text('/proc/self/status'));
  const kb = (name: string): number | undefined => numberIn(memory.get(name));
  return {
    totalKb: kb('MemTotal'),
    freeKb: kb('MemFree'),
    availableKb: kb('MemAvailable'),
    swapKb: kb('SwapTotal'),
    cmaKb: kb('CmaTotal'),
    probeKb: numberIn(own.get('VmRSS')),
  };
}
