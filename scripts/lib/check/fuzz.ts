import { mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Checker, NOTHING, sum, type Tally } from './checker';
import { type Built, buildNative } from './native-build';

/** How long each target runs in `scripts/test`; `FUZZ_SECONDS` in the environment makes it longer. */
const SECONDS = Number(process.env.FUZZ_SECONDS ?? 10);
/** Each runs on one core. */
const SIDE_BY_SIDE = 2;
/** Inputs longer than this teach nothing new; of the jitter buffer each byte may be a slot of sound, AAC, codecs and stills take their time. */
const LONGEST: Readonly<Record<string, number>> = {
  jitter_buffer: 400,
  aac_module: 600,
  codec_modules: 400,
  still_module: 600,
};
const LONGEST_ELSEWHERE = 4096;
/** Seeds that lie elsewhere than in native/fuzz/corpus. */
const SEEDS: Readonly<Record<string, string>> = {
  rtp_packet: 'test/data/rtp-bin',
  rtcp_packet: 'test/data/rtp-bin',
};

export function fuzzTargets(): string[] {
  return readdirSync('native/fuzz')
    .filter((name) => name.endsWith('_fuzz.cc'))
    .map((name) => name.slice(0, -'_fuzz.cc'.length))
    .sort();
}

/** Where a target's first inputs lie. */
export function seedsOf(name: string): string {
  return SEEDS[name] ?? join('native/fuzz/corpus', name);
}

/** By clang, whose fuzzer it is. */
export function buildFuzzers(checker: Checker, nice: number): Promise<Built> {
  return buildNative(
    checker,
    'fuzz',
    [
      ...['-DCMAKE_C_COMPILER=clang', '-DCMAKE_CXX_COMPILER=clang++'],
      ...['-DDASHVOIP_FUZZ=ON', '-DDASHVOIP_G729=ON', '-DDASHVOIP_SANITIZE=address,undefined'],
    ],
    fuzzTargets().map((name) => `${name}_fuzz`),
    nice,
  );
}

/** Every target of native/fuzz for some seconds, with the sanitizers and with eyes: coverage guides it. */
export async function fuzz(checker: Checker, built: Built, folder: string): Promise<Tally> {
  if (built.tally.failed > 0) return NOTHING;
  const names = fuzzTargets();
  const tallies: Tally[] = [];
  const work = async (): Promise<void> => {
    for (let name = names.shift(); name !== undefined; name = names.shift()) {
      tallies.push(await runTarget(checker, name, built.folder, folder));
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  return sum(tallies);
}

/** Fails too when no seed was found, or when what ran left no mark: then it saw nothing. */
async function runTarget(
  checker: Checker,
  name: string,
  build: string,
  folder: string,
): Promise<Tally> {
  const corpus = join(folder, 'corpus', name);
  mkdirSync(corpus, { recursive: true });
  const seeds = seedsOf(name);
  let failure: string | undefined;
  const outcome = await checker.run(
    {
      label: `fuzz ${name}`,
      command: resolve(build, 'bin', `${name}_fuzz`),
      args: [
        ...[corpus, seeds, `-max_total_time=${SECONDS}`, '-timeout=5', '-print_final_stats=1'],
        `-max_len=${LONGEST[name] ?? LONGEST_ELSEWHERE}`,
        `-artifact_prefix=${join(folder, `${name}-`)}`,
      ],
    },
    (ended) => {
      const sight = readSight(ended.output);
      failure = ended.ok ? blindness(sight) : ended.exit;
      return failure === undefined
        ? `${sight.runs} runs, ${sight.coverage} edges of ${sight.edges}, corpus of ${sight.corpus}`
        : `FAILED, ${failure}`;
    },
  );
  if (failure === undefined) return { ...NOTHING, passed: 1 };
  checker.showEnd(outcome);
  return { ...NOTHING, failed: 1 };
}

interface Sight {
  readonly runs: number;
  /** Edges of the code that an input took, of so many. */
  readonly coverage: number;
  readonly edges: number;
  /** Inputs that each found something new. */
  readonly corpus: number;
  readonly seeds: number;
}

/** From libFuzzer's own words. */
export function readSight(output: string): Sight {
  const number = (pattern: RegExp): number => Number(output.match(pattern)?.[1] ?? 0);
  return {
    runs: number(/^#(\d+)\s+DONE/m),
    coverage: number(/^#\d+\s+DONE\s+cov: (\d+)/m),
    corpus: number(/^#\d+\s+DONE.* corp: (\d+)/m),
    edges: number(/\((\d+) inline 8-bit counters\)/),
    seeds: number(/seed corpus: files: (\d+)/),
  };
}

/** Why a run that found nothing has seen nothing either; undefined when it has eyes. */
export function blindness(sight: Sight): string | undefined {
  if (sight.seeds === 0) return 'no seed was found';
  if (sight.coverage === 0) return 'no coverage: is the core built without instrumentation?';
  if (sight.corpus < 2) return 'no input found anything new';
  return undefined;
}
