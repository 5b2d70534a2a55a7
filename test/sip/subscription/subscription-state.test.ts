// Shows RFC 6665.

import { describe, expect, it } from 'vitest';
import { afterEnd, notifiedState } from '../../../src/sip/subscription/subscription-state';
import { World } from '../support/world';

const world = new World();
const peer = world.peer(world.phone('alice'));
const stateOf = (field?: string) =>
  notifiedState(
    peer.newRequest('NOTIFY', {
      headers: field === undefined ? [] : [['Subscription-State', field]],
    }),
  );

describe('the field Subscription-State', () => {
  it.each([
    ['active;expires=60', 'active', 60, '', undefined],
    [' Pending ; Expires = 5', 'pending', 5, '', undefined],
    ['TERMINATED;Reason="NoResource";Retry-After=10', 'terminated', undefined, 'noresource', 10],
    // States of extensions count as active, §4.1.2.1.
    ['waiting;expires=7', 'active', 7, '', undefined],
    ['active;expires=soon;retry-after=-1', 'active', undefined, '', undefined],
    ['active;expires=99999999999', 'active', undefined, '', undefined],
    [undefined, 'active', undefined, '', undefined],
  ] as const)('%j is %s', (field, kind, expiresS, reason, retryAfterS) => {
    expect(stateOf(field)).toEqual({ kind, expiresS, reason, retryAfterS });
  });
});

describe('what follows an end', () => {
  it.each([
    ['at-once', 'deactivated timeout'],
    ['never', 'rejected noresource invariant'],
    ['later', 'probation giveup something-new'],
  ] as const)('is %s for %s', (when, reasons) => {
    for (const reason of reasons.split(' '))
      expect([reason, afterEnd(reason)]).toEqual([reason, when]);
  });

  it('is later for none', () => expect(afterEnd('')).toBe('later'));
});
