import type { EngineFeatures } from '../media';

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
