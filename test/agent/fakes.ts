import {
  Agent,
  type AgentAccount,
  type AgentDependencies,
  type AgentOptions,
  type OpenedUserAgent,
  type RecordingPolicy,
} from '../../src/agent';
import { silentLogger } from '../../src/platform';
import { seededRandom } from '../support/seeded-random';
import { VirtualClock } from '../support/virtual-clock';
import { FakeEngine } from './fake-media';
import { FakeUserAgent } from './fake-sip';

export * from './fake-media';
export * from './fake-sip';

export const RECORD: RecordingPolicy = {
  automatic: 'none',
  folder: '/card',
  format: 'wav',
  preRoll: 0,
  postRoll: 0,
  floorMb: 512,
  maxFileMb: 1000,
  maxFileMinutes: 60,
};

export interface Bench {
  readonly agent: Agent;
  readonly engine: FakeEngine;
  readonly userAgent: FakeUserAgent;
  readonly clock: VirtualClock;
  /** What look-ups of host names come to. */
  readonly hosts: Map<string, Promise<readonly string[]>>;
  /** Every event of the agent, as `name state`. */
  readonly told: string[];
}

type Keepers = Partial<
  Pick<
    AgentDependencies,
    'historyKeeper' | 'messageKeeper' | 'muteKeeper' | 'stillKeeper' | 'log' | 'zrtp'
  >
>;

/** Of an agent with one account, or with several. */
export type BenchOptions = Partial<AgentOptions> & { readonly account?: AgentAccount };

/** An agent between fakes, not started. */
export function bench(
  { account, ...options }: BenchOptions = {},
  open?: (userAgent: FakeUserAgent) => Promise<OpenedUserAgent>,
  keepers: Keepers = {},
): Bench {
  const clock = new VirtualClock();
  const engine = new FakeEngine();
  const hosts: Bench['hosts'] = new Map();
  const userAgent = new FakeUserAgent();
  const agent = new Agent(
    {
      version: '1.2.3',
      pid: 42,
      listensOn: '127.0.0.1',
      warnings: [],
      policy: { autoAnswer: false },
      record: RECORD,
      tones: { country: 'kr', progress: true, ring: true },
      media: {
        microphone: 'camera',
        speaker: 'camera',
        picture: true,
        codecs: ['PCMA', 'PCMU'],
        encryption: { srtp: 'preferred', sdesWithoutTls: false },
        rtpTimeout: 20,
      },
      ...(account ? { accounts: [account] } : {}),
      ...options,
    },
    {
      clock,
      random: seededRandom(),
      log: silentLogger,
      openEngine: () => engine,
      openUserAgent: () => (open ? open(userAgent) : Promise.resolve(userAgent)),
      lookup: (host) => hosts.get(host) ?? Promise.reject(new Error('ENOTFOUND')),
      localHost: () => '192.0.2.1',
      ...keepers,
    },
  );
  const told: string[] = [];
  agent.events.on('ready', (ms) => told.push(`ready ${ms}`));
  agent.events.on('call', ({ call, state, heldBy, ended }) =>
    told.push(['call', call, state, heldBy, ended].filter(Boolean).join(' ')),
  );
  agent.events.on('key', ({ call }, { digit, durationMs }, by) =>
    told.push(`key ${call} ${digit} ${durationMs} ${by}`),
  );
  agent.events.on('transfer', ({ call, to, state, detail }) =>
    told.push(['transfer', call, to, state, detail].filter(Boolean).join(' ')),
  );
  agent.events.on('mailbox', ({ waiting, newMessages }) =>
    told.push(`mailbox ${waiting} ${newMessages}`),
  );
  agent.events.on('watched', ({ kind, of, state }) => told.push(`watched ${kind} ${of} ${state}`));
  agent.events.on('message', ({ message, remote, text, state }) =>
    told.push(`message ${message} ${state} ${remote} ${text}`),
  );
  agent.events.on('registration', ({ state, detail }) =>
    told.push(`registration ${state} ${detail}`),
  );
  agent.events.on('camera', (state) => told.push(`camera ${state}`));
  agent.events.on('device', (which, opened, error) => told.push(`${which} ${opened} ${error}`));
  agent.events.on('quality', ({ call }) => told.push(`quality ${call}`));
  agent.events.on('silence', ({ call }, silent) => told.push(`silence ${call} ${silent}`));
  agent.events.on('stopping', () => told.push('stopping'));
  return { agent, engine, userAgent, clock, hosts, told };
}

/** What an account has its server tell is loaded when it is wanted. */
export async function watchingLoaded(): Promise<void> {
  await import('../../src/agent/watching');
  await new Promise((resolve) => setImmediate(resolve));
}

export async function startedBench(options: BenchOptions = {}, keepers?: Keepers): Promise<Bench> {
  const all = bench(options, undefined, keepers);
  await all.agent.start();
  all.told.length = 0;
  return all;
}
