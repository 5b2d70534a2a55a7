import type { AudioCodec } from '../codecs';
import type { EngineFeatures } from '../media';
import type { AudioWishes } from '../sdp';

/** What of sound the configuration asks for. */
export interface SoundPlan {
  /** In order of preference. */
  readonly codecs: readonly AudioCodec[];
  readonly wishes?: AudioWishes;
}

/** What every telephone has, and every build. */
const ALWAYS: readonly AudioCodec[] = ['PCMA', 'PCMU'];

/** The plan without the codecs that this build has not, or whose module is not installed. */
export function usablePlan(plan: SoundPlan, { codecs }: EngineFeatures): SoundPlan {
  const usable = plan.codecs.filter((codec) => codecs.includes(codec));
  return { ...plan, codecs: usable.length > 0 ? usable : ALWAYS };
}

/** The codecs that `usablePlan` left out. */
export function missingCodecs(
  configured: readonly AudioCodec[],
  { codecs }: EngineFeatures,
): AudioCodec[] {
  return configured.filter((codec) => !codecs.includes(codec));
}
