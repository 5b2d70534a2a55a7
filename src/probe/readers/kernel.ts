import type { Machine } from './machine';
import { fieldsOf, linesOf, numberIn, wordsOf } from './proc-text';

export interface KernelFacts {
  readonly release: string | undefined;
  /** /proc/version without who built it where. */
  readonly version: string | undefined;
  /** Of the board, as the device tree names it. */
  readonly model: string | undefined;
  readonly cpusOnline: number;
  /** Implementer and part of each kind of core, as `0x41/0xd03` (Arm Cortex-A53), or its name. */
  readonly cpus: readonly string[];
  readonly uptimeS: number | undefined;
  /** Of the last 1, 5 and 15 minutes. */
  readonly load: readonly number[];
  /** Whether the console gets a dump of registers for each unknown system call (arm64, 4.9). */
  readonly exceptionTrace: boolean | undefined;
  readonly consoleLevel: number | undefined;
  /** Loaded modules of sound, of the link to the RTOS and of wireless networks. */
  readonly modules: readonly string[];
}

const MODULES =
  /^snd|^amba|^aipc|rpmsg|virtio|^ar6|^ath|^bcmdhd|^dhd|^8\d{3}|^rtl|cfg80211|mac80211/;

export function kernelFacts(machine: Machine): KernelFacts {
  const text = (path: string): string | undefined => machine.text(path)?.replace(/\0/g, '').trim();
  const trace = text('/proc/sys/debug/exception-trace');
  return {
    release: text('/proc/sys/kernel/osrelease'),
    version: text('/proc/version')?.replace(/\s*\([^()\s]*@[^()\s]*\)/, ''),
    model: text('/proc/device-tree/model'),
    ...cores(machine.text('/proc/cpuinfo')),
    uptimeS: numberIn(text('/proc/uptime')),
    load: wordsOf(text('/proc/loadavg') ?? '')
      .slice(0, 3)
      .map(Number)
      .filter((load) => Number.isFinite(load)),
    exceptionTrace: trace === undefined ? undefined : trace !== '0',
    consoleLevel: numberIn(text('/proc/sys/kernel/printk')),
    modules: linesOf(text('/proc/modules'))
      .map((line) => wordsOf(line)[0] ?? '')
      .filter((name) => MODULES.test(name))
      .sort(),
  };
}

/** /proc/cpuinfo lists the cores that are online, one block each. */
function cores(text: string | undefined): Pick<KernelFacts, 'cpusOnline' | 'cpus'> {
  const blocks = (text ?? '').split(/\n\s*\n/).map(fieldsOf);
  const online = blocks.filter((block) => block.has('processor'));
  const names = online.map(
    (block) =>
      block.get('model name') ??
      `${block.get('CPU implementer') ?? '?'}/${block.get('CPU part') ?? '?'}`,
  );
  return { cpusOnline: online.length, cpus: [...new Set(names)] };
}
