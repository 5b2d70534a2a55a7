/**
 * Resolves with the first signal that asks the process to end. Later ones are heard and ignored: some come twice, to
 * the process and to its group, and leaving the camera and the far end in order takes a moment, which its caller bounds.
 */
export function endSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.on(signal, () => resolve(signal));
    }
  });
}
