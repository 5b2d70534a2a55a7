import { describe, expect, it } from 'vitest';
import { endInWords } from '../../src/agent/call-state';
import type { SessionEnd } from '../../src/sip';

describe('how a call ended, in words', () => {
  it.each<[SessionEnd['by'], status: number, reason: string, before: string, after: string]>([
    ['local', 200, '', 'refused here (200)', 'hung up here'],
    ['local', 486, 'Busy Here', 'refused here (486 Busy Here)', 'hung up here'],
    ['local', 487, 'Request Terminated', 'given up here', 'hung up here'],
    ['remote', 200, 'OK', 'refused by the far end (200 OK)', 'hung up by the far end'],
    ['remote', 486, 'Busy Here', 'busy', 'hung up by the far end'],
    ['remote', 487, 'Request Terminated', 'given up by the far end', 'hung up by the far end'],
    ['remote', 600, 'Busy Everywhere', 'busy', 'hung up by the far end'],
    [
      'remote',
      404,
      'Not Found',
      'refused by the far end (404 Not Found)',
      'hung up by the far end',
    ],
    [
      'network',
      408,
      'no ACK',
      'the far end did not answer in time',
      'lost: the far end is gone (408 no ACK)',
    ],
    ['network', 503, '', 'failed (503)', 'lost: the far end is gone (503)'],
  ])('by %s with %i %s', (by, status, reason, before, after) => {
    const end = { by, status, reason } as SessionEnd;
    expect(endInWords(end, false)).toBe(before);
    expect(endInWords(end, true)).toBe(after);
  });
});
