import type { CameraReport, EngineFeatures } from '../../media';
import type {
  KernelFacts,
  LibraryFacts,
  MemoryFacts,
  NetworkFacts,
  PriorityFacts,
  RandomnessFacts,
  SoundFacts,
  StorageFacts,
  Unread,
  UserFacts,
} from '../readers';

/** Rises when a field changes its name or meaning; new fields leave it alone. */
export const PROBE_VERSION = 1;

export interface RuntimeFacts {
  readonly dashvoip: string;
  readonly node: string;
  /** Processor that Node was built for. */
  readonly arch: string;
  /** What the media plane can do; undefined when it cannot be loaded. */
  readonly features: EngineFeatures | undefined;
  /** Why it cannot be loaded. */
  readonly error: string | undefined;
}

export type CameraFacts =
  | ({
      readonly state: 'examined';
      /** A signal ended it before it was through. */
      readonly interrupted: boolean;
    } & CameraReport)
  /** A dashvoip agent or bridge has the camera, which was left alone. */
  | { readonly state: 'taken'; readonly by: string }
  /** There was nothing to examine it with. */
  | { readonly state: 'unknown'; readonly why: string };

/** All that was found out. docs/probe.md explains each field. */
export interface ProbeFacts {
  readonly runtime: RuntimeFacts;
  readonly kernel: KernelFacts;
  readonly memory: MemoryFacts;
  readonly priority: PriorityFacts;
  readonly sound: SoundFacts;
  readonly randomness: RandomnessFacts;
  readonly network: NetworkFacts;
  readonly storage: StorageFacts;
  /** Undefined where there is no libnetfifo. */
  readonly library: LibraryFacts | undefined;
  readonly users: UserFacts;
  readonly camera: CameraFacts;
}

/** What follows from the facts. */
export interface Advice {
  /** `error`: a call cannot work so; `warning`: it works less well; `note`: good to know. */
  readonly severity: 'error' | 'warning' | 'note';
  readonly found: string;
  readonly meaning: string;
  /** Empty when there is nothing to do. */
  readonly action: string;
}

export interface ProbeReport extends ProbeFacts {
  readonly probeVersion: typeof PROBE_VERSION;
  /** Civil time of the camera, ISO 8601; it may be wrong there. */
  readonly at: string;
  readonly tookS: number;
  readonly unread: readonly Unread[];
  readonly advice: readonly Advice[];
}
