import { describe, expect, it } from 'vitest';
import { stagesFor, WHOLE_RUN } from '../../scripts/lib/check/selection';

describe('scripts/test --since', () => {
  it('runs what a changed file can have touched, in the order of the whole run', () => {
    expect(stagesFor(['src/sip/auth/digest.ts', 'native/test/rtp/packet_test.cc'])).toEqual([
      'unit',
      'native',
      'interop',
      'wild',
      'package',
    ]);
  });

  it('runs a changed test of real phones, recipe or boards in its own stage', () => {
    expect(stagesFor(['test/interop/sipp.test.ts'])).toEqual(['unit', 'interop']);
    expect(stagesFor(['test/package/kconfig.py'])).toEqual(['unit', 'package']);
    expect(stagesFor(['test/toolkit/peers/baresip.ts'])).toEqual(['unit', 'interop', 'board']);
  });

  it('asks of documents only that references are fresh', () => {
    expect(stagesFor(['docs/probe.md', 'README.md'])).toEqual(['unit']);
  });

  it('runs everything for a file of no known kind, and nothing for no change', () => {
    expect(stagesFor(['package-lock.json'])).toEqual(WHOLE_RUN);
    expect(stagesFor([])).toEqual([]);
  });
});
