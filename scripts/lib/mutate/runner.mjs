import { existsSync, readFileSync, renameSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { build } from 'esbuild';
import { glob } from 'tinyglobby';

/** Of `build/mutate/sip/auth`. */
const ROOM = process.env.DASHVOIP_MUTATE_FOLDER?.split('/')[2] ?? '';
/** The rooms whose tests can reach a room: its own, and those right above it. */
const REACHED_FROM = {
  agent: ['agent', 'control'],
  config: ['config', 'control'],
  control: ['control'],
  sdp: ['sdp', 'agent'],
  sip: ['sip', 'agent'],
};

/**
 * The unit tests of those rooms, without those that flood, show how cost grows or draw their input: they take longer
 * than all others together, and what they alone would notice is a test to write.
 */
const TESTS = `test/{${[ROOM, ...(REACHED_FROM[ROOM] ?? [])].join()}}/**/*.test.ts`;
export const NOT_RUN = [
  ...['linear', 'linear-time', 'endurance', 'flood'],
  ...['property', 'properties', 'bad-input', 'limits', 'random-dialogs'],
  // Made of the very text of the sources, which is another one with faults in it.
  'reference',
];
/** Tests that put modules in the place of others, which a bundle cannot, or wait for real time. */
export const FOREIGN = /import \{[^}]*\bvi\b[^}]*\} from 'vitest'|\bexpect\s*\.poll\b/;
const COLLECTOR = fileURLToPath(new URL('test-collector.mjs', import.meta.url));
const BUNDLE = 'mutate-tests.mjs';
const STRYKER = '__stryker__';
/** A promise that a fault leaves open blocks a test for no longer; in the first run, without a fault, for a minute. */
const SHORTEST_LIMIT_MS = 3_000;
const FIRST_LIMIT_MS = 60_000;

/** @typedef {import('./test-collector.mjs').Test} Test */

/**
 * Runs the tests inside one process, loaded once: a fault is switched on, the tests that reach it run until one fails,
 * and the next one's turn has come. Vitest, which loads every module again for each fault, takes ten times as long.
 */
class Runner {
  /** @type {Test[]} */
  #tests = [];
  /** @type {(() => unknown)[]} */
  #ends = [];
  #loads = 0;
  /** No fault has been switched on in this process yet. */
  #fresh = true;
  /** A fault has left something behind that makes a test fail without it. */
  #spoilt = false;
  /** @type {unknown[]} */
  #strayErrors = [];
  /** @type {Map<string, number>} */
  #took = new Map();

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    for (const event of ['unhandledRejection', 'uncaughtException']) {
      process.on(event, (error) => this.#strayErrors.push(error));
    }
    if (!existsSync(BUNDLE)) await this.#bundle();
  }

  async dryRun() {
    const stryker = namespace();
    stryker.activeMutant = undefined;
    await this.#load();
    const results = [];
    for (const test of this.#tests) {
      stryker.currentTestId = test.id;
      results.push(await this.#run(test, FIRST_LIMIT_MS));
      stryker.currentTestId = undefined;
    }
    return { status: 'complete', tests: results, mutantCoverage: stryker.mutantCoverage };
  }

  /** @param {import('@stryker-mutator/api/test-runner').MutantRunOptions} options */
  async mutantRun(options) {
    if (this.#spoilt) throw new Error('a fault has spoilt this process: another has to try');
    const stryker = namespace();
    stryker.hitCount = 0;
    stryker.hitLimit = options.hitLimit;
    if (options.mutantActivation === 'static') stryker.activeMutant = options.activeMutant.id;
    try {
      if (options.reloadEnvironment || this.#loads === 0) await this.#load();
    } catch (error) {
      // What is at fault runs while modules are loaded, and no test gets as far as to begin.
      return { status: 'killed', killedBy: [], failureMessage: String(error), nrOfTests: 0 };
    }
    stryker.activeMutant = options.activeMutant.id;
    const failed = await this.#firstFailure(this.#selected(options));
    stryker.activeMutant = undefined;
    stryker.hitLimit = undefined;
    if (stryker.hitCount > options.hitLimit) {
      return { status: 'timeout', reason: `${stryker.hitCount} times in one place` };
    }
    if (failed && options.mutantActivation !== 'static') await this.#checkClean(failed.id);
    this.#fresh = false;
    if (!failed) return { status: 'survived', nrOfTests: 1 };
    const { id, failureMessage } = failed;
    return { status: 'killed', killedBy: [id], failureMessage, nrOfTests: 1 };
  }

  async dispose() {
    for (const end of this.#ends) await end();
  }

  /** The test must pass without the fault, or what failed was not the fault's doing. */
  async #checkClean(id) {
    const test = this.#tests.find((each) => each.id === id);
    if (!test || (await this.#run(test)).status === 0) return;
    this.#spoilt = true;
    if (!this.#fresh) throw new Error(`${id} fails without the fault: another process has to try`);
  }

  /** Those beside the fault first: they are likely to notice, and fast. */
  #selected({ testFilter, sandboxFileName }) {
    const wanted = testFilter && new Set(testFilter);
    const folder = relative('src', dirname(sandboxFileName)).split('/');
    const far = ({ id, file }) => {
      const path = relative('test', dirname(file)).split('/');
      const shared = folder.findIndex((name, at) => name !== path[at]);
      return (shared < 0 ? 0 : folder.length - shared) * 1000 + (this.#took.get(id) ?? 0);
    };
    return this.#tests
      .filter(({ id }) => wanted?.has(id) ?? true)
      .map((test) => ({ test, far: far(test) }))
      .sort((a, b) => a.far - b.far)
      .map(({ test }) => test);
  }

  async #firstFailure(tests) {
    for (const test of tests) {
      let result = await this.#run(test);
      // A busy machine is slow as well: what is not done in time has to be so twice.
      if (result.isLate) result = await this.#run(test);
      if (result.status === 1) return result;
    }
    return undefined;
  }

  /** @param {Test} test */
  #limitOf(test) {
    return Math.max(SHORTEST_LIMIT_MS, 10 * (this.#took.get(test.id) ?? 1000));
  }

  /** @param {Test} test */
  async #run(test, limitMs = this.#limitOf(test)) {
    const began = performance.now();
    let failureMessage;
    let isLate = false;
    this.#strayErrors.length = 0;
    try {
      const suites = [];
      for (let { suite } = test; suite; suite = suite.parent) suites.unshift(suite);
      for (const before of suites.flatMap((suite) => suite.before)) await inTime(before(), limitMs);
      await inTime(test.run(), limitMs);
    } catch (error) {
      failureMessage = String(error);
      isLate = error instanceof TooLate;
    }
    try {
      for (let { suite } = test; suite; suite = suite.parent) {
        for (const after of suite.after) await inTime(after(), limitMs);
      }
    } catch (error) {
      failureMessage ??= String(error);
    }
    if (this.#strayErrors.length > 0) failureMessage ??= String(this.#strayErrors[0]);
    const timeSpentMs = performance.now() - began;
    this.#took.set(test.id, timeSpentMs);
    const { id, name, file } = test;
    const result = { id, name, fileName: resolve(file), timeSpentMs };
    return failureMessage === undefined
      ? { ...result, status: 0 }
      : { ...result, status: 1, failureMessage, isLate };
  }

  /** Each time anew: what a module computes when it is loaded can be at fault as well. */
  async #load() {
    this.#loads += 1;
    const { collected } = await import(`${pathToFileURL(resolve(BUNDLE))}?${this.#loads}`);
    this.#tests = collected.tests;
    this.#ends.push(...collected.ends);
  }

  /** All tests, and what they test, in one file of Stryker's sandbox. */
  async #bundle() {
    const found = await glob(TESTS, { ignore: NOT_RUN.map((name) => `**/${name}.test.ts`) });
    const files = found.filter((file) => !FOREIGN.test(readFileSync(file, 'utf8'))).sort();
    const half = `${BUNDLE}.${process.pid}.mjs`;
    await bundleTests(files, half);
    renameSync(half, BUNDLE);
  }
}

/** @param {readonly string[]} files */
export async function bundleTests(files, outfile) {
  const entry = files.flatMap((file) => [`import 'begin:${file}';`, `import './${file}';`]);
  await build({
    stdin: {
      contents: [...entry, `export { collected } from 'vitest';`].join('\n'),
      resolveDir: process.cwd(),
    },
    absWorkingDir: process.cwd(),
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    // A test is imported for its effects, and package.json says of all files that they have none.
    ignoreAnnotations: true,
    logLevel: 'error',
    plugins: [{ name: 'tests', setup: setUpTests }],
  });
}

/** @param {import('esbuild').PluginBuild} bundler */
function setUpTests(bundler) {
  bundler.onResolve({ filter: /^vitest$/ }, () => ({ path: COLLECTOR }));
  bundler.onResolve({ filter: /^begin:/ }, ({ path }) => ({ path, namespace: 'begin' }));
  bundler.onLoad({ filter: /./, namespace: 'begin' }, ({ path }) => ({
    contents: `import { begin } from 'vitest'; begin(${JSON.stringify(path.slice('begin:'.length))});`,
    resolveDir: process.cwd(),
  }));
  // In the bundle these would be the bundle's.
  bundler.onLoad({ filter: /\.ts$/ }, ({ path }) => ({
    contents: readFileSync(path, 'utf8')
      .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
      .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
    loader: 'ts',
  }));
}

function namespace() {
  globalThis[STRYKER] ??= {};
  return globalThis[STRYKER];
}

class TooLate extends Error {}

async function inTime(result, limitMs) {
  if (!(result instanceof Promise)) return;
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new TooLate(`not done within ${limitMs} ms`)), limitMs);
  });
  await Promise.race([result, late]).finally(() => clearTimeout(timer));
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'dashvoip', Runner)];
