// Shows RFC 3420.

import { describe, expect, it } from 'vitest';
import { readSipfrag, sipfrag } from '../../../src/sip/refer/sipfrag';

describe('a status line as a body', () => {
  it.each([
    [486, 'Busy Here', 'Busy Here'],
    // What a far end says is one line, and not a long one.
    [486, 'Busy\r\nX: y', 'Busy X: y'],
    [500, 'x'.repeat(5000), 'x'.repeat(200)],
    [180, '', 'Ringing'],
  ])('is one line: %i %j', (status, reason, words) => {
    expect(sipfrag({ status, reason })).toEqual({
      contentType: 'message/sipfrag;version=2.0',
      content: `SIP/2.0 ${status} ${words}\r\n`,
    });
  });

  it.each([
    ['SIP/2.0 200 OK', 200, 'OK'],
    ['SIP/2.0 486 Busy Here \r\nX: y\r\n', 486, 'Busy Here'],
    [' sip/2.0\t180', 180, ''],
  ])('is read: %j', (text, status, reason) => {
    expect(readSipfrag(text)).toEqual({ status, reason });
  });

  it.each(['', 'nothing', 'SIP/3.0 200 OK', 'SIP/2.0 700 No', 'SIP/2.0 20', 'x\r\nSIP/2.0 200 OK'])(
    'is none: %j',
    (text) => expect(readSipfrag(text)).toBeUndefined(),
  );
});
