import type { Machine } from './machine';
import { fieldsOf, linesOf, numberIn } from './proc-text';

export interface PriorityFacts {
  /** Whether this process may give its threads SCHED_FIFO. */
  readonly realtime: boolean;
  /** RLIMIT_RTPRIO: the highest real-time priority without the capability. */
  readonly realtimeLimit: number | undefined;
  readonly capSysNice: boolean;
  /** Microseconds of each second that real-time threads may have; -1: all. */
  readonly realtimeUsPerS: number | undefined;
  /** RLIMIT_MEMLOCK. */
  readonly lockableKb: number | 'unlimited' | undefined;
}

/** Bit in a set of capabilities, capabilities(7). */
const CAP_SYS_NICE = 23n;

export function priorityFacts(machine: Machine): PriorityFacts {
  const limits = linesOf(machine.text('/proc/self/limits'));
  const effective = fieldsOf(machine.text('/proc/self/status')).get('CapEff') ?? '';
  const capSysNice =
    /^[0-9a-f]+$/.test(effective) && ((BigInt(`0x${effective}`) >> CAP_SYS_NICE) & 1n) === 1n;
  const realtimeLimit = numberIn(softLimit(limits, 'Max realtime priority'));
  const locked = softLimit(limits, 'Max locked memory');
  const runtime = numberIn(machine.text('/proc/sys/kernel/sched_rt_runtime_us'));
  const period = numberIn(machine.text('/proc/sys/kernel/sched_rt_period_us')) ?? 1_000_000;
  return {
    realtime: capSysNice || (realtimeLimit ?? 0) > 0,
    realtimeLimit,
    capSysNice,
    realtimeUsPerS:
      runtime === undefined || runtime < 0 ? runtime : Math.round((runtime / period) * 1_000_000),
    lockableKb: locked === 'unlimited' ? locked : kilobytes(numberIn(locked)),
  };
}

/** The first value behind the name: `Max locked memory  65536  65536  bytes`. */
function softLimit(limits: readonly string[], name: string): string | undefined {
  const line = limits.find((candidate) => candidate.startsWith(name));
  return line?.slice(name.length).trim().split(/\s+/)[0];
}

function kilobytes(bytes: number | undefined): number | undefined {
  return bytes === undefined ? undefined : Math.round(bytes / 1024);
}
