/** V8 that counts by octets of bytecode how often a function runs; what came after it counts runs (Node 20 and Node 22). */
const LAST_BY_OCTETS = 11.3;

/**
 * What is read whenever it matters; `--max-semi-space-size` and its like are heeded at the start of Node only.
 * @param version of V8, as `11.3.244.8-node.38`
 */
export function flagsFor(version: string): readonly string[] {
  const isByOctets = Number.parseFloat(version) <= LAST_BY_OCTETS;
  return [
    // The young generation stays as large as it begins, 2 MB in place of 32: what comes by here dies young.
    '--semi-space-growth-factor=1',
    // A full collection draws together what lives in pages that are a fifth empty; else they are two thirds empty by then.
    '--optimize-for-size',
    // Machine code for what runs often alone: of what runs once a call there is a megabyte, and more with each call.
    '--no-sparkplug',
    // Four to eight times what they are by themselves.
    isByOctets ? '--interrupt-budget=540672' : '--invocation-count-for-turbofan=24000',
  ];
}

/**
 * Keeps the heap of V8 small, on the board and elsewhere: 7 of 35 MB less after ten minutes of a flood of INVITEs, and
 * hardly any growth from the second minute on (docs/measurements.md). Tried with Node 16, 18, 20 and 22.
 */
export async function keepHeapSmall(): Promise<void> {
  const { setFlagsFromString } = await import('node:v8');
  for (const flag of flagsFor(process.versions.v8)) setFlagsFromString(flag);
}
