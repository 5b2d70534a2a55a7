import type { ParseBench } from '../parse-bench';
import { formatTable } from '../terminal';
import type { PacingFigures, Trial } from './trial';

export interface Results {
  /** By `name task`. */
  readonly trials: Map<string, readonly Trial[]>;
  /** Per cent of a core, one of each round (wire-floor.ts). */
  readonly wireFloors: number[];
}

export interface TaskFigures {
  readonly cpuPercent: number;
  readonly rssMb: number;
  readonly privateDirtyMb: number;
  readonly pacing: PacingFigures;
  /** Present when video was sent. */
  readonly videoMbit?: number;
}

export interface ContestantFigures {
  readonly g711: TaskFigures;
  readonly blocked?: TaskFigures;
  readonly video?: TaskFigures;
  readonly inviteTo200Ms: number;
  readonly readyMs: number;
}

/** The last line of `scripts/bench --json`. */
export interface BenchResult {
  readonly rounds: number;
  readonly windowSeconds: number;
  readonly contestants: Readonly<Record<string, ContestantFigures>>;
  /** Per cent of a core that one packet each way per 20 ms costs a thread that does nothing else. */
  readonly wireFloorCpuPercent: number;
  /** The agent's figure divided by the best peer's; for video, of those that sent a moving picture. */
  readonly ratios: {
    readonly g711Cpu: number | null;
    /** Of what each uses above `wireFloorCpuPercent`. */
    readonly g711CpuAboveFloor: number | null;
    /** Null when no peer sent one. */
    readonly videoCpu: number | null;
    readonly pacingP99: number | null;
    readonly inviteTo200: number | null;
    readonly parseInvite: number;
  };
  /** Microseconds per INVITE. */
  readonly parseInvite: ParseBench;
}

const OURS = 'dashvoip';

/** Medians over the rounds, and ratios. */
export function resultOf(
  results: Results,
  parse: ParseBench,
  run: { rounds: number; seconds: number },
): BenchResult {
  const names = [...new Set([...results.trials.keys()].map((key) => key.split(' ')[0] ?? ''))];
  const figures = Object.fromEntries(names.map((name) => [name, contestantFigures(results, name)]));
  const ours = figures[OURS];
  const peers = names.filter((name) => name !== OURS).map((name) => figures[name]);
  const ratio = (value: (one: ContestantFigures) => number | undefined): number | null => {
    const theirs = peers
      .map((peer) => (peer ? value(peer) : undefined))
      .filter((each) => each !== undefined);
    const own = ours ? value(ours) : undefined;
    return own === undefined || theirs.length === 0 ? null : round(own / Math.min(...theirs), 3);
  };
  const wireFloor = round(medianOf(results.wireFloors), 3);
  return {
    rounds: run.rounds,
    windowSeconds: run.seconds,
    contestants: figures,
    wireFloorCpuPercent: wireFloor,
    ratios: {
      g711Cpu: ratio((one) => one.g711.cpuPercent),
      g711CpuAboveFloor: ratio((one) => one.g711.cpuPercent - wireFloor),
      videoCpu: ratio((one) => (sendsFilm(one) ? one.video?.cpuPercent : undefined)),
      pacingP99: ratio((one) => one.g711.pacing.p99Ms),
      inviteTo200: ratio((one) => one.inviteTo200Ms),
      parseInvite: round(parse.ours / parse.sip, 3),
    },
    parseInvite: {
      ours: round(parse.ours, 2),
      sip: round(parse.sip, 2),
      jssip: round(parse.jssip, 2),
      sipjs: round(parse.sipjs, 2),
    },
  };
}

/** Whether it sent a moving picture: linphonec without a camera shows a still one, about once a second. */
function sendsFilm(one: ContestantFigures): boolean {
  return (one.video?.videoMbit ?? 0) >= 0.5;
}

function contestantFigures(results: Results, name: string): ContestantFigures {
  const plain = results.trials.get(`${name} g711`) ?? [];
  const blocked = results.trials.get(`${name} blocked`);
  const video = results.trials.get(`${name} video`);
  return {
    g711: taskFigures(plain),
    ...(blocked ? { blocked: taskFigures(blocked) } : {}),
    ...(video ? { video: taskFigures(video) } : {}),
    inviteTo200Ms: median(plain, (trial) => trial.inviteTo200Ms, 2),
    readyMs: median(plain, (trial) => trial.readyMs, 1),
  };
}

function taskFigures(trials: readonly Trial[]): TaskFigures {
  const videoMbit = median(trials, (trial) => trial.videoMbit, 2);
  return {
    cpuPercent: median(trials, (trial) => trial.cpuPercent, 3),
    rssMb: median(trials, (trial) => trial.rssMb, 1),
    privateDirtyMb: median(trials, (trial) => trial.privateDirtyMb, 1),
    pacing: {
      meanMs: median(trials, (trial) => trial.pacing.meanMs, 3),
      p99Ms: median(trials, (trial) => trial.pacing.p99Ms, 3),
      maxMs: median(trials, (trial) => trial.pacing.maxMs, 3),
    },
    ...(videoMbit > 0 ? { videoMbit } : {}),
  };
}

function median(trials: readonly Trial[], value: (trial: Trial) => number, digits: number): number {
  return round(medianOf(trials.map(value)), digits);
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/** The result as a table for people: one column for each, and the agent against the best peer. */
export function textOf(result: BenchResult): string {
  const names = Object.keys(result.contestants);
  const row = (
    what: string,
    value: (one: ContestantFigures) => number | undefined,
    unit: string,
    ratio = '',
  ): string[] => [
    what,
    ...names.map((name) => {
      const figures = result.contestants[name];
      const number = figures ? value(figures) : undefined;
      return number === undefined || Number.isNaN(number) ? '-' : `${number} ${unit}`.trim();
    }),
    ratio,
  ];
  const { ratios, parseInvite } = result;
  const calls = formatTable(
    [
      ['', ...names, 'ours / best peer'],
      row('G.711: CPU of a core', (one) => one.g711.cpuPercent, '%', wanted(ratios.g711Cpu, 1 / 3)),
      row('G.711: resident', (one) => one.g711.rssMb, 'MB'),
      row('G.711: private dirty', (one) => one.g711.privateDirtyMb, 'MB'),
      row('pacing: mean off the grid', (one) => one.g711.pacing.meanMs, 'ms'),
      row('pacing: p99', (one) => one.g711.pacing.p99Ms, 'ms', `${ratios.pacingP99}`),
      row('pacing: worst', (one) => one.g711.pacing.maxMs, 'ms'),
      row('loop blocked: p99', (one) => one.blocked?.pacing.p99Ms, 'ms'),
      row('loop blocked: worst', (one) => one.blocked?.pacing.maxMs, 'ms'),
      row(
        'with H.264: CPU of a core',
        (one) => one.video?.cpuPercent,
        '%',
        wanted(ratios.videoCpu, 1 / 3),
      ),
      row('with H.264: picture sent', (one) => one.video?.videoMbit, 'Mbit/s'),
      row('INVITE to 200', (one) => one.inviteTo200Ms, 'ms', `${ratios.inviteTo200}`),
      row('start to ready', (one) => one.readyMs, 'ms'),
    ],
    ['left', ...names.map(() => 'right' as const), 'right'],
  );
  const parsing = formatTable(
    [
      ['', OURS, 'sip', 'jssip', 'sip.js', 'ours / sip'],
      [
        'an INVITE parsed',
        ...[parseInvite.ours, parseInvite.sip, parseInvite.jssip, parseInvite.sipjs].map(
          (value) => `${value} µs`,
        ),
        wanted(ratios.parseInvite, 2 / 3),
      ],
    ],
    ['left', 'right', 'right', 'right', 'right', 'right'],
  );
  const above = names.map((name) => {
    const cpu = result.contestants[name]?.g711.cpuPercent ?? Number.NaN;
    return `${name} ${round(cpu - result.wireFloorCpuPercent, 3)} %`;
  });
  const floor =
    `A thread that sleeps, sends one packet and takes one every 20 ms, and does nothing else: ` +
    `${result.wireFloorCpuPercent} % of a core.\nAbove that: ${above.join(', ')}: ours / best peer ` +
    wanted(ratios.g711CpuAboveFloor, 1 / 3);
  return `${calls}\n${floor}\n\n${parsing}\n\nmedians of ${result.rounds} round(s), ${result.windowSeconds} s each`;
}

function wanted(ratio: number | null, limit: number): string {
  if (ratio === null) return '-';
  return `${ratio} (≤ ${limit.toFixed(2)}: ${ratio <= limit ? 'kept' : 'MISSED'})`;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
