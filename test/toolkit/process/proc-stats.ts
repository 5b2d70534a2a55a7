import { readdirSync, readFileSync } from 'node:fs';

/** Processor time that all threads of a process have used, ns (`/proc/PID/task/TID/schedstat`). */
export function cpuNanoseconds(pid: number): bigint {
  let sum = 0n;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const fields = readText(`/proc/${pid}/task/${task}/schedstat`).split(' ');
    if (fields[0]) sum += BigInt(fields[0]);
  }
  return sum;
}

export interface MemoryUse {
  readonly rssMb: number;
  readonly privateDirtyMb: number;
}

/** Resident and private dirty memory, in MB of 10^6 bytes (`/proc/PID/smaps_rollup`). */
export function memoryUse(pid: number): MemoryUse {
  const text = readText(`/proc/${pid}/smaps_rollup`);
  const megabytes = (key: string): number => {
    const match = text.match(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm'));
    return (Number(match?.[1] ?? Number.NaN) * 1024) / 1e6;
  };
  return { rssMb: megabytes('Rss'), privateDirtyMb: megabytes('Private_Dirty') };
}

/** Processor use between two readings. Threads that ended in between are not counted. */
export class CpuMeter {
  readonly #pid: number;
  readonly #cpuAt: bigint;
  readonly #startedAt = process.hrtime.bigint();

  constructor(pid: number) {
    this.#pid = pid;
    this.#cpuAt = cpuNanoseconds(pid);
  }

  /** Per cent of one core since the meter was made. */
  percent(): number {
    const used = cpuNanoseconds(this.#pid) - this.#cpuAt;
    return (Number(used) / Number(process.hrtime.bigint() - this.#startedAt)) * 100;
  }
}

/** A thread may end between the listing and the reading: that is an empty text. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
