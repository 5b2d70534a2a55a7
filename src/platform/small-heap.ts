/**
 * Flags that are read whenever they matter, and that Node 16, 18, 20 and 22 know; `--max-semi-space-size` and its like are
 * heeded at the start of Node only.
 */
const FLAGS = [
  // The young generation stays as large as it begins, 2 MB in place of 32: what comes by here dies young.
  '--semi-space-growth-factor=1',
  // A full collection draws together what lives in pages that are a fifth empty; else they are two thirds empty by then.
  '--optimize-for-size',
  // Machine code for what runs often alone: of what runs once a call there is a megabyte, and more with each call.
  '--no-sparkplug',
  '--interrupt-budget=540672',
];

/**
 * Keeps the heap of V8 small, on the board and elsewhere: 5 of 31 MB less under a flood of INVITEs, and a line that is flat
 * from the second minute on (docs/measurements.md).
 */
export async function keepHeapSmall(): Promise<void> {
  const { setFlagsFromString } = await import('node:v8');
  for (const flag of FLAGS) setFlagsFromString(flag);
}
