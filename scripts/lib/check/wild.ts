import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Checker, NOTHING, sum, type Tally } from './checker';

/** Replays of what phones and exchanges of the field were reported to send; they lie beside the checkout. */
const CASES = resolve('../shared/wild');
/** The slowest waits 75 s for a phone that is gone. */
const TIMEOUT_MINUTES = 4;
/** The cases mostly wait: so many run side by side. */
const SIDE_BY_SIDE = 2;
/** Their senders keep time by sleeping: what else is busy must not make them late. Who may not ask for it goes without. */
const AHEAD_OF_OTHERS = '-10';

/** Every case of the folder, each a check of its own; nothing where the folder is not. */
export async function wildStage(checker: Checker): Promise<Tally> {
  if (!existsSync(CASES)) {
    checker.say('wild: no ../shared/wild here, nothing to replay');
    return NOTHING;
  }
  const names = readdirSync(CASES)
    .filter((name) => name.endsWith('.py') && name !== 'kit.py')
    .sort();
  const tallies: Tally[] = [];
  const work = async (): Promise<void> => {
    for (let name = names.shift(); name !== undefined; name = names.shift()) {
      tallies.push(await twiceAtMost(checker, name));
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  return sum(tallies);
}

/** Real clocks on a shared machine: a stall may spoil a case. A second try is counted. */
async function twiceAtMost(checker: Checker, name: string): Promise<Tally> {
  const first = await replay(checker, name);
  if (first.failed === 0) return first;
  const second = await replay(checker, name);
  return second.failed === 0 ? { ...second, secondTries: [`wild ${name}`] } : second;
}

/** Exit code of a case that could not be tried to its end; its own words say why. */
const NOT_TRIED = 2;

async function replay(checker: Checker, name: string): Promise<Tally> {
  let tally: Tally = { ...NOTHING, failed: 1 };
  const outcome = await checker.run(
    {
      label: `wild ${name.slice(0, -'.py'.length)}`,
      command: 'nice',
      args: ['-n', AHEAD_OF_OTHERS, 'python3', join(CASES, name)],
      env: {
        DASHVOIP_BUNDLE: resolve('dist/dashvoip.cjs'),
        DASHVOIP_SIM: resolve('build/native/bin/h22-rtos-sim'),
        DASHVOIP_FILM: resolve('build/material/camera-small.h264'),
      },
      timeoutMinutes: TIMEOUT_MINUTES,
    },
    ({ ok, exit, code, output }) => {
      if (ok) tally = { ...NOTHING, passed: 1 };
      if (code === NOT_TRIED) tally = { ...NOTHING, skipped: 1 };
      if (ok) return 'passed';
      return code === NOT_TRIED ? `skipped, ${output.trim().split('\n').pop()}` : `FAILED, ${exit}`;
    },
  );
  if (tally.failed > 0) checker.showEnd(outcome);
  return tally;
}
