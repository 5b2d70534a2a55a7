// Shows RFC 3903.

import { describe, expect, it } from 'vitest';
import { activeCall } from './calls';
import { type Bench, startedBench } from './fakes';

const ACCOUNT = { uri: 'sip:car@example.org', registrar: 'sip:example.org', publishPresence: true };

const register = ({ userAgent }: Bench): void =>
  userAgent.registrations.at(-1)?.become('registered', '200 OK', 300);

const last = ({ userAgent }: Bench) => userAgent.publications.at(-1)?.said.at(-1);

describe('the presence of an account', () => {
  it('is published once it is registered, and says whether the camera can be called', async () => {
    const all = await startedBench({ account: ACCOUNT });
    expect(all.userAgent.publications).toEqual([]);
    register(all);
    register(all);
    expect(all.userAgent.publications).toHaveLength(1);
    expect(last(all)).toEqual({ isOpen: true, isOnThePhone: false });
    all.agent.setSwitch('doNotDisturb', true);
    expect(last(all)).toEqual({ isOpen: false, isOnThePhone: false });
    all.agent.setSwitch('doNotDisturb', false);
    const session = await activeCall(all);
    expect(last(all)).toEqual({ isOpen: true, isOnThePhone: true });
    session.end({ by: 'remote', status: 200, reason: '' });
    expect(last(all)).toEqual({ isOpen: true, isOnThePhone: false });
  });

  it('is not published unless it is wanted, and what was true before is told', async () => {
    const all = await startedBench({ account: { ...ACCOUNT, publishPresence: false } });
    register(all);
    expect(all.userAgent.publications).toEqual([]);
    const late = await startedBench({
      account: ACCOUNT,
      policy: { autoAnswer: false, doNotDisturb: true },
    });
    register(late);
    expect(last(late)).toMatchObject({ isOpen: false });
  });

  it('that the server does not take is a problem in words', async () => {
    const all = await startedBench({ account: ACCOUNT });
    register(all);
    const problem = 'presence of car@example.org: not published: 489 Bad Event';
    all.userAgent.publications[0]?.onState('refused', '489 Bad Event');
    expect(all.agent.status().problems).toContain(problem);
    all.userAgent.publications[0]?.onState('published', '');
    expect(all.agent.status().problems).not.toContain(problem);
  });

  it('is taken back with the account, and at the end', async () => {
    const all = await startedBench({ account: ACCOUNT });
    register(all);
    all.agent.reconfigure({ accounts: [{ ...ACCOUNT, uri: 'sip:van@example.org' }] });
    expect(all.userAgent.publications[0]?.isStopped).toBe(true);
    register(all);
    expect(all.userAgent.publications).toHaveLength(2);
    await all.agent.stop();
    expect(all.userAgent.publications[1]?.isStopped).toBe(true);
  });
});
