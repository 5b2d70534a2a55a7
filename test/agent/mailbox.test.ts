// Shows RFC 3842.

import { describe, expect, it } from 'vitest';
import { type Bench, startedBench, watchingLoaded } from './fakes';

const ACCOUNT = { uri: 'sip:car@example.org', registrar: 'sip:example.org' };
const SUMMARY = 'application/simple-message-summary';

const register = ({ userAgent }: Bench): void =>
  userAgent.registrations.at(-1)?.become('registered', '200 OK', 300);

describe('the mailbox', () => {
  it('is watched once the account is registered, and told of when it changes', async () => {
    const all = await startedBench({ account: { ...ACCOUNT, messageWaiting: true } });
    all.userAgent.registrations.at(-1)?.become('failed', '503 Service Unavailable');
    expect(all.userAgent.subscriptions).toEqual([]);
    register(all);
    register(all);
    await watchingLoaded();
    expect(all.userAgent.subscriptions).toMatchObject([
      { target: 'sip:car@example.org', event: 'message-summary' },
    ]);
    all.told.length = 0;
    const [{ listener } = { listener: undefined }] = all.userAgent.subscriptions;
    for (const text of ['yes\r\nVoice-Message: 2/8', 'yes\r\nVoice-Message: 2/8', 'no']) {
      listener?.onNotice(SUMMARY, `Messages-Waiting: ${text}`);
    }
    listener?.onNotice(SUMMARY, 'nonsense');
    listener?.onNotice('text/plain', 'Messages-Waiting: yes');
    expect(all.told).toEqual(['mailbox true 2', 'mailbox false 0']);
    expect(all.agent.status().mailbox).toEqual({
      account: 'car@example.org',
      waiting: false,
      newMessages: 0,
      oldMessages: 0,
    });
  });

  it('is watched without a registrar from the start, and not unless it is wanted', async () => {
    const { uri } = ACCOUNT;
    const all = await startedBench({ account: { uri, messageWaiting: true } });
    await watchingLoaded();
    expect(all.userAgent.subscriptions).toHaveLength(1);
    const other = await startedBench({ account: ACCOUNT });
    register(other);
    await watchingLoaded();
    expect(other.userAgent.subscriptions).toEqual([]);
    expect(other.agent.status().mailbox).toBeUndefined();
  });

  it('that the server does not have is a problem in words', async () => {
    const all = await startedBench({ account: { uri: ACCOUNT.uri, messageWaiting: true } });
    await watchingLoaded();
    const [subscription] = all.userAgent.subscriptions;
    subscription?.listener.onState('refused', '489 Bad Event');
    expect(all.agent.status().problems).toContain(
      'mailbox of car@example.org: not watched: 489 Bad Event',
    );
    subscription?.listener.onState('active', '');
    expect(all.agent.status().problems).not.toContain(
      'mailbox of car@example.org: not watched: 489 Bad Event',
    );
  });

  it('of another account takes its place, and none is watched at the end', async () => {
    const all = await startedBench({ account: { uri: ACCOUNT.uri, messageWaiting: true } });
    await watchingLoaded();
    const value = { uri: 'sip:van@example.org', messageWaiting: true };
    all.agent.reconfigure({ accounts: [value] });
    await watchingLoaded();
    expect(all.userAgent.subscriptions.map(({ target, isStopped }) => [target, isStopped])).toEqual(
      [
        ['sip:car@example.org', true],
        ['sip:van@example.org', false],
      ],
    );
    await all.agent.stop();
    expect(all.userAgent.subscriptions.at(-1)?.isStopped).toBe(true);
  });
});
