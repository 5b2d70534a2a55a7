import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { type Fault, readFaults } from './fault';
import type { Score } from './score';

const PLACE = resolve('build/mutate/native');
const BUILD = join(PLACE, 'build');
/** A fault may well hang what it breaks: that counts as noticed. */
const TEST_TIMEOUT_MS = 120_000;

/** Applies each patch to a copy of native/, builds, and runs the test that has to fail. */
export async function nativeFaults(): Promise<Score[]> {
  const faults = readFaults();
  prepare();
  build();
  const lived: string[] = [];
  for (const fault of faults) {
    console.error(`native: ${fault.name}`);
    if (!passes(fault))
      throw new Error(`"${fault.test}" fails without ${fault.name}: mend that first`);
    apply(fault, false);
    try {
      build();
      if (passes(fault)) lived.push(`${fault.path}: "${fault.test}" passes`);
    } finally {
      apply(fault, true);
    }
  }
  return [{ folder: 'native', noticed: faults.length - lived.length, lived }];
}

/** The tests read test/data beside native/. */
function prepare(): void {
  mkdirSync(PLACE, { recursive: true });
  for (const folder of ['native', 'test/data']) {
    rmSync(join(PLACE, folder), { recursive: true, force: true });
    cpSync(folder, join(PLACE, folder), { recursive: true, preserveTimestamps: true });
  }
  execFileSync(
    'cmake',
    [
      ...['-S', join(PLACE, 'native'), '-B', BUILD, '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=Debug'],
      ...['-DDASHVOIP_ADDON=OFF', '-DDASHVOIP_TESTS=ON'],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
}

function build(): void {
  execFileSync('ninja', ['-C', BUILD, '-j', `${availableParallelism()}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** A filter that no test case has would pass with any fault. */
function passes({ test, path }: Fault): boolean {
  const ended = spawnSync(join(BUILD, 'bin/dashvoip-tests'), [`-tc=${test}`, '--no-colors'], {
    encoding: 'utf8',
    timeout: TEST_TIMEOUT_MS,
  });
  if (ended.status === 0 && /test cases:\s*0 \|/.test(ended.stdout)) {
    throw new Error(`${path}: no test case is named "${test}"`);
  }
  return ended.status === 0;
}

function apply(fault: Fault, back: boolean): void {
  execFileSync('patch', ['-p1', '--silent', ...(back ? ['-R'] : []), '-i', resolve(fault.path)], {
    cwd: PLACE,
  });
}
