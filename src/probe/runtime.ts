import type { EngineFeatures } from '../media';

export interface RuntimeFacts {
  readonly dashvoip: string;
  readonly node: string;
  /** Processor that Node was built for. */
  readonly arch: string;
  /** Version of the GNU C library; undefined for another library. */
  readonly glibc: string | undefined;
  /** What the media plane can do; undefined when it cannot be loaded. */
  readonly features: EngineFeatures | undefined;
  /** Why it cannot be loaded. */
  readonly error: string | undefined;
}

/** Version of the C library that this process runs on. */
export function glibcVersion(): string | undefined {
  // The report holds much more, the environment too: nothing else of it is looked at.
  const report: unknown = process.report?.getReport();
  const header = member(report, 'header');
  const version = member(header, 'glibcVersionRuntime');
  return typeof version === 'string' ? version : undefined;
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
