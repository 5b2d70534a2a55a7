// Shows RFC 3680, 3856, 4235, 6665.

import { describe, expect, it } from 'vitest';
import type { AgentAccount, WatchSettings } from '../../src/agent';
import { WatchList } from '../../src/agent/watch-list';
import { silentLogger } from '../../src/platform';
import { VirtualClock } from '../support/virtual-clock';
import { type Bench, FakeUserAgent, startedBench, watchingLoaded } from './fakes';

const CAR = 'sip:car@example.org';
const HOME = 'sip:home@example.org';
const LINE = 'sip:200@example.org';

const PIDF = 'application/pidf+xml';
const DIALOG_INFO = 'application/dialog-info+xml';
const REGINFO = 'application/reginfo+xml';

const presence = (basic: string): string =>
  `<presence xmlns="urn:ietf:params:xml:ns:pidf"><tuple id="t"><status><basic>${basic}</basic></status></tuple></presence>`;
const dialogs = (version: number, state: string, dialog = ''): string =>
  `<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="${version}" state="${state}" entity="${LINE}">${dialog}</dialog-info>`;
const dialog = (state: string): string =>
  `<dialog id="1" direction="recipient"><state>${state}</state></dialog>`;
const registrations = (version: number, contact: string): string =>
  `<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="${version}" state="full"><registration id="r" aor="${CAR}" state="active"><contact id="c" state="active"><uri>${contact}</uri></contact></registration></reginfo>`;

/** Without a registrar it watches from the start. */
async function watching(watch: WatchSettings, account: Partial<AgentAccount> = {}) {
  const all = await startedBench({ account: { uri: CAR, watch, ...account } });
  await watchingLoaded();
  return { ...all, tell: (at: number, type: string, body: string) => tell(all, at, type, body) };
}

function tell({ userAgent }: Bench, at: number, type: string, body: string): void {
  userAgent.subscriptions[at]?.listener.onNotice(type, body);
}

const watched = ({ agent }: Bench) => agent.status().accounts[0]?.watched;

describe('whom an account watches', () => {
  it('is subscribed to one after the other, and unknown until told', async () => {
    const all = await watching({ presence: [HOME], lines: [LINE], registrations: true });
    expect(all.userAgent.subscriptions.map(({ target, event }) => [target, event])).toEqual([
      [HOME, 'presence'],
    ]);
    all.clock.advance(1000);
    expect(all.userAgent.subscriptions.map(({ target, event }) => [target, event])).toEqual([
      [HOME, 'presence'],
      [LINE, 'dialog'],
      [CAR, 'reg'],
    ]);
    const account = 'car@example.org';
    expect(watched(all)).toEqual([
      { account, kind: 'presence', of: HOME, state: 'unknown', activities: [] },
      { account, kind: 'line', of: LINE, state: 'unknown', calls: [] },
      { account, kind: 'registrations', of: CAR, state: 'unknown', contacts: [] },
    ]);
    expect(all.agent.status().problems).toEqual([]);
  });

  it('waits for the registration, and is nobody unless somebody is wanted', async () => {
    const all = await watching({ presence: [HOME] }, { registrar: 'sip:example.org' });
    expect(all.userAgent.subscriptions).toEqual([]);
    all.userAgent.registrations[0]?.become('registered', '200 OK', 300);
    all.userAgent.registrations[0]?.become('registered', '200 OK', 300);
    await watchingLoaded();
    expect(all.userAgent.subscriptions).toHaveLength(1);
    const other = await watching({});
    expect(other.userAgent.subscriptions).toEqual([]);
    expect(watched(other)).toBeUndefined();
  });

  it('is told of when it changes, and then alone', async () => {
    const all = await watching({ presence: [HOME], lines: [LINE], registrations: true });
    all.clock.advance(1000);
    for (const basic of ['open', 'open', 'closed']) all.tell(0, PIDF, presence(basic));
    all.tell(0, DIALOG_INFO, presence('open'));
    all.tell(1, DIALOG_INFO, dialogs(0, 'full'));
    all.tell(1, DIALOG_INFO, dialogs(1, 'partial', dialog('early')));
    all.tell(2, REGINFO, registrations(0, 'sip:car@192.0.2.1'));
    all.tell(2, REGINFO, registrations(0, 'sip:car@192.0.2.1'));
    expect(all.told).toEqual([
      `watched presence ${HOME} open`,
      `watched presence ${HOME} closed`,
      `watched line ${LINE} idle`,
      `watched line ${LINE} ringing`,
      `watched registrations ${CAR} active`,
    ]);
    expect(watched(all)).toMatchObject([
      { state: 'closed' },
      { state: 'ringing', calls: [{ direction: 'incoming', state: 'early' }] },
      { state: 'active', contacts: [{ uri: 'sip:car@192.0.2.1', state: 'active' }] },
    ]);
  });

  it('that the server refuses, or leaves, is a problem in words, and unknown', async () => {
    const all = await watching({ presence: [HOME], lines: [LINE] });
    all.clock.advance(1000);
    const [of, line] = all.userAgent.subscriptions.map(({ listener }) => listener);
    all.tell(0, PIDF, presence('open'));
    all.told.length = 0;
    of?.onState('waiting', 'deactivated');
    line?.onState('refused', '489 Bad Event');
    expect(all.agent.status().problems).toEqual([
      `presence of ${HOME}: not watched: deactivated`,
      `line of ${LINE}: not watched: 489 Bad Event`,
    ]);
    expect(all.told).toEqual([`watched presence ${HOME} unknown`]);
    of?.onState('active', '');
    expect(all.agent.status().problems).toEqual([`line of ${LINE}: not watched: 489 Bad Event`]);
  });

  it('that cannot be asked for is a problem, and the rest is watched', async () => {
    const all = await watching({ presence: ['sip:a@[::g]', HOME] });
    all.clock.advance(1000);
    expect(all.userAgent.subscriptions.map(({ target }) => target)).toEqual([HOME]);
    expect(all.agent.status().problems).toEqual([
      expect.stringMatching(/^presence of sip:a@\[::g\]: not watched: /),
    ]);
  });

  it('that is told of in words that cannot be read is a problem until it can', async () => {
    const all = await watching({ presence: [HOME] });
    const [subscription] = all.userAgent.subscriptions;
    all.tell(0, PIDF, presence('open'));
    all.tell(0, PIDF, '<presence xmlns="urn:ietf:params:xml:ns:pidf">');
    subscription?.listener.onState('active', '');
    expect(all.agent.status().problems).toEqual([
      `presence of ${HOME}: what its server tells cannot be read: unclosed tag: presence`,
    ]);
    expect(watched(all)).toMatchObject([{ state: 'open' }]);
    all.tell(0, PIDF, presence('closed'));
    expect(all.agent.status().problems).toEqual([]);
  });

  it('is unknown, or a line at rest, where the server has nothing to tell', async () => {
    const all = await watching({ presence: [HOME], lines: [LINE], registrations: true });
    all.clock.advance(1000);
    all.tell(0, PIDF, presence('open'));
    all.tell(2, REGINFO, registrations(0, 'sip:car@192.0.2.1'));
    for (const at of [0, 1, 2]) all.tell(at, '', '');
    expect(watched(all)).toMatchObject([
      { state: 'unknown' },
      { state: 'idle' },
      { state: 'unknown' },
    ]);
  });
});

describe('what a line has missed', () => {
  it('is asked for at once, and then twice a minute at most', async () => {
    const all = await watching({ lines: [LINE] });
    const [subscription] = all.userAgent.subscriptions;
    const refreshed = (): number => subscription?.refreshed ?? 0;
    all.tell(0, DIALOG_INFO, dialogs(0, 'full'));
    all.tell(0, DIALOG_INFO, dialogs(1, 'partial'));
    all.clock.advance(60_000);
    expect(refreshed()).toBe(0);
    all.tell(0, DIALOG_INFO, dialogs(3, 'partial', dialog('early')));
    all.clock.advance(1);
    expect(refreshed()).toBe(1);
    for (let version = 5; version < 105; version += 2) {
      all.tell(0, DIALOG_INFO, dialogs(version, 'partial'));
      all.clock.advance(1000);
    }
    expect(refreshed()).toBe(2);
  });

  it('is not asked for where it is told that nothing is known any more, or nobody asks', async () => {
    const all = await watching({ lines: [LINE] });
    const [subscription] = all.userAgent.subscriptions;
    all.tell(0, DIALOG_INFO, dialogs(3, 'partial', dialog('early')));
    subscription?.listener.onState('waiting', 'timeout');
    all.clock.advance(60_000);
    expect(subscription?.refreshed).toBe(0);
    all.tell(0, DIALOG_INFO, dialogs(5, 'partial'));
    await all.agent.stop();
    all.clock.advance(60_000);
    expect(subscription?.refreshed).toBe(0);
  });

  it('is counted anew in another subscription', async () => {
    const all = await watching({ lines: [LINE] });
    const [subscription] = all.userAgent.subscriptions;
    all.tell(0, DIALOG_INFO, dialogs(7, 'full', dialog('confirmed')));
    subscription?.listener.onBegin?.();
    all.tell(0, DIALOG_INFO, dialogs(0, 'partial', dialog('terminated')));
    all.clock.advance(1);
    expect(watched(all)).toMatchObject([{ state: 'idle' }]);
    expect(subscription?.refreshed).toBe(1);
  });
});

describe('another list', () => {
  it('takes the place of the one before', async () => {
    const all = await watching({ presence: [HOME], lines: [LINE] });
    all.agent.reconfigure({ accounts: [{ uri: CAR, watch: { lines: [HOME] } }] });
    await watchingLoaded();
    all.clock.advance(1000);
    const seen = all.userAgent.subscriptions.map(({ target, event, isStopped }) => {
      return [target, event, isStopped];
    });
    expect(seen).toEqual([
      [HOME, 'presence', true],
      [HOME, 'dialog', false],
    ]);
    await all.agent.stop();
    expect(all.userAgent.subscriptions.every(({ isStopped }) => isStopped)).toBe(true);
  });

  it('that is gone before it is loaded is never asked for', async () => {
    const [userAgent, clock] = [new FakeUserAgent(), new VirtualClock()];
    const list = new WatchList({
      ...{ clock, log: silentLogger },
      onMailbox: () => undefined,
      onWatched: () => undefined,
    });
    list.watch(userAgent, { uri: CAR, watch: { presence: [HOME] } }, 'car');
    list.stop();
    await watchingLoaded();
    clock.advance(1000);
    expect(userAgent.subscriptions).toEqual([]);
    expect(list.watched).toBeUndefined();
  });
});
