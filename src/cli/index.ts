import { GarbageCollection, keepHeapSmall, systemClock, systemHeap } from '../platform';
import { EXIT, exitCodeOf, type Invocation, print, UsageException } from './cli-command';
import { parse } from './command-line';
import { RUN } from './run-words';

/** `run` is the agent; all other words are the terminal's, which is read from a file of its own that no agent needs. */
async function start(words: readonly string[]): Promise<number> {
  const [first, ...rest] = words;
  const invocation = first === RUN.name ? parse(RUN, rest) : 'help';
  if (invocation !== 'help') return runAgentHere(invocation);
  const { terminal } = await import('./terminal').catch(explainMissing);
  return terminal(words);
}

async function runAgentHere({ config, json }: Invocation): Promise<number> {
  await keepHeapSmall();
  // Loaded here only: every other command is a small client.
  const { exitNow, trimMemory } = await import('../media');
  const collection = new GarbageCollection(await systemHeap(trimMemory), systemClock);
  const { runAgent } = await import('../main');
  const code = await runAgent(config, (report) => {
    if (json) print(JSON.stringify(report));
    const { version, sip, control, startToReadyMs } = report;
    process.stderr.write(
      `dashvoip ready: version ${version}, SIP on UDP ${sip}, commands on UDP ${control}, after ${startToReadyMs} ms\n`,
    );
  });
  collection.stop();
  return exitNow(code);
}

function explainMissing(error: unknown): never {
  const isMissing = error instanceof Error && error.message.includes('dashvoip-terminal.cjs');
  if (!isMissing) throw error;
  throw new UsageException(
    'expected the file dashvoip-terminal.cjs beside dashvoip.cjs, found none: without it there is only "run"',
  );
}

// Whoever reads our output may leave first. A client has nobody left to tell; the agent goes on.
process.stdout.on('error', () => {
  if (process.argv[2] !== RUN.name) process.exit(EXIT.ok);
});
process.stderr.on('error', () => undefined);

exitCodeOf(() => start(process.argv.slice(2))).then((code) => process.exit(code));
