import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { type Fault, readFaults, type Score } from './fault';

const PLACE = resolve('build/mutate/native');
const BUILD = join(PLACE, 'build');
/** A fault may well hang what it breaks: that counts as noticed. */
const TEST_TIMEOUT_MS = 120_000;

/** Applies each patch whose name begins so to a copy of native/, builds, and runs the test that has to fail. */
export async function nativeFaults(begin = ''): Promise<Score> {
  const faults = readFaults().filter(({ name }) => name.startsWith(begin));
  prepare();
  build();
  // All of them before the first fault: each build behind an earlier one still has that one's objects.
  const failing = faults.filter((fault) => !passes(fault));
  const lived = failing.map(({ path, test }) => `${path}: "${test}" fails without it too`);
  for (const fault of faults.filter((each) => !failing.includes(each))) {
    apply(fault, false);
    try {
      const seen = tried(fault);
      console.error(`native: ${fault.name}: ${seen ?? 'noticed'}`);
      if (seen !== undefined) lived.push(`${fault.path}: ${seen}`);
    } finally {
      apply(fault, true);
    }
  }
  return { folder: 'native', faults: faults.length, noticed: faults.length - lived.length, lived };
}

/** @returns why the fault put in was not noticed; undefined when it was. */
function tried(fault: Fault): string | undefined {
  try {
    build();
  } catch {
    return 'does not build';
  }
  return passes(fault) ? `"${fault.test}" passes` : undefined;
}

/** The tests read test/data beside native/. */
function prepare(): void {
  for (const folder of ['native', 'test/data']) mirror(folder, join(PLACE, folder));
  execFileSync(
    'cmake',
    [
      ...['-S', join(PLACE, 'native'), '-B', BUILD, '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=Debug'],
      ...['-DDASHVOIP_ADDON=OFF', '-DDASHVOIP_TESTS=ON'],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
}

/**
 * Makes `to` what `from` is. What is the same stays untouched, and what is copied is new: a run that was broken off
 * has left objects of a faulty file, which is older than they are if it comes with its own time.
 */
function mirror(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  const wanted = readdirSync(from, { withFileTypes: true });
  const names = new Set(wanted.map(({ name }) => name));
  for (const name of readdirSync(to)) {
    if (!names.has(name)) rmSync(join(to, name), { recursive: true, force: true });
  }
  for (const entry of wanted) {
    const [source, copy] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) mirror(source, copy);
    else if (!existsSync(copy) || !readFileSync(source).equals(readFileSync(copy))) {
      copyFileSync(source, copy);
    }
  }
}

function build(): void {
  execFileSync('ninja', ['-C', BUILD, '-j', `${availableParallelism()}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** A filter that no test case has would pass with any fault. */
function passes({ test, path }: Fault): boolean {
  // Doctest takes a comma for the beginning of another filter, and a question mark for any character.
  const filter = `-tc=${test.replaceAll(',', '?')}`;
  const ended = spawnSync(join(BUILD, 'bin/dashvoip-tests'), [filter, '--no-colors'], {
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
