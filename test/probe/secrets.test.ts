import { describe, expect, it } from 'vitest';
import { adviceOn } from '../../src/probe/advice';
import { summaryOf } from '../../src/probe/report';
import { FIRST_HOUR } from './support/facts';
import { H22 } from './support/h22';

/** What stands in the files of the fixture and is nobody's business. */
const PRIVATE = ['hunter2', 'joe', '10.0.0.9', 'builder', 'vendor-build-7', '0123456789abcdef'];

describe('a report', () => {
  it('holds nothing private of what was read for it', () => {
    const read = JSON.stringify(H22);
    const report = {
      probeVersion: 1,
      at: '2026-01-02T03:04:05.000Z',
      tookS: 1,
      ...FIRST_HOUR,
      unread: [],
      advice: adviceOn(FIRST_HOUR),
    } as const;
    for (const word of PRIVATE) {
      expect(read).toContain(word);
      expect(JSON.stringify(report)).not.toContain(word);
      expect(summaryOf(report)).not.toContain(word);
    }
  });
});
