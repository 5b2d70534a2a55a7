// Shows RFC 3842.

import { describe, expect, it } from 'vitest';
import { readMessageSummary } from '../../../src/sip/event-packages';

describe('a message summary, RFC 3842', () => {
  it.each([
    [
      'Messages-Waiting: yes\r\nMessage-Account: sip:a@b\r\nVoice-Message: 2/8 (0/2)\r\n',
      [true, 2, 8],
    ],
    ['messages-waiting:no\nvoice-message:0/0', [false, 0, 0]],
    ['Messages-Waiting: yes', [true, 0, 0]],
    ['Messages-Waiting: yes\r\nFax-Message: 1/1', [true, 0, 0]],
  ])('%j is read', (text, [waiting, newMessages, oldMessages]) => {
    expect(readMessageSummary(text)).toEqual({ waiting, newMessages, oldMessages });
  });

  it.each(['', 'Voice-Message: 1/0', 'Messages-Waiting: perhaps'])('%j is none', (text) => {
    expect(readMessageSummary(text)).toBeUndefined();
  });
});
