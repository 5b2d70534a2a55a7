// Shows RFC 3680, 3856, 3863, 4235, 4480, 6665.

import { describe, expect, it } from 'vitest';
import { Kamailio } from '../toolkit/peers/kamailio';
import { waitUntil } from '../toolkit/process/wait';
import { Stage } from './support/stage';

const stage = await Stage.open('watching');
const { domain } = await stage.kamailio({ mailboxes: true, tells: true });
const [car, van, phone] = [`sip:car@${domain}`, `sip:van@${domain}`, `sip:phone@${domain}`];
const account = (user: string): object => ({
  uri: `sip:${user}@${domain}`,
  registrar: `sip:${domain}`,
  username: user,
  password: Kamailio.password(user),
});

const watched = await stage.agent({
  name: 'van',
  autoAnswer: false,
  sections: { account: { ...account('van'), publishPresence: true } },
});
const agent = await stage.agent({
  sections: {
    account: {
      ...account('car'),
      watch: { presence: [van, phone], lines: [van], registrations: true },
    },
  },
});

type Told = Readonly<Record<string, unknown>>;

const isTold = (value: unknown): value is Told => typeof value === 'object' && value !== null;

/** What the car knows of him. */
const known = async (kind: string, of: string): Promise<Told> => {
  const { accounts } = Object(await agent.agent.json('status'));
  const all: unknown[] = Object(accounts)[0]?.watched ?? [];
  const [found] = all.filter(isTold).filter((one) => one.kind === kind && one.of === of);
  return found ?? {};
};

const until = async (kind: string, of: string, wanted: (told: Told) => boolean): Promise<Told> => {
  let last: Told = {};
  const wait = waitUntil(
    `the ${kind} of ${of}`,
    async () => {
      last = await known(kind, of);
      return wanted(last) ? last : undefined;
    },
    15_000,
  );
  return wait.catch((error: Error) => {
    throw new Error(`${error.message}; last seen: ${JSON.stringify(last)}`);
  });
};

const untilState = (kind: string, of: string, state: string): Promise<Told> =>
  until(kind, of, (told) => told.state === state);

describe('by way of kamailio the car knows', () => {
  it('whether another camera can be called', async () => {
    await untilState('presence', van, 'open');
    await watched.agent.json('do-not-disturb', 'on');
    await untilState('presence', van, 'closed');
    await watched.agent.json('do-not-disturb', 'off');
    await untilState('presence', van, 'open');
    expect((await agent.status()).problems).toEqual([]);
  });

  it('whether its line rings or is busy, and with whom', async () => {
    await untilState('line', van, 'idle');
    await agent.call(van);
    const ringing = await untilState('line', van, 'ringing');
    expect(ringing.calls).toMatchObject([{ direction: 'incoming', state: 'early', remote: car }]);
    await watched.answer();
    const busy = await untilState('line', van, 'busy');
    expect(busy.calls).toMatchObject([{ direction: 'incoming', state: 'confirmed', remote: car }]);
    await until('presence', van, ({ activities }) => String(activities) === 'on-the-phone');
    await agent.hangUpAll();
    expect((await untilState('line', van, 'idle')).calls).toEqual([]);
    await until('presence', van, ({ activities }) => String(activities) === '');
  });

  it('where it is registered, with every telephone that comes and goes', async () => {
    const contacts = async (count: number): Promise<unknown[]> => {
      const told = await until(
        ...['registrations', car],
        ({ contacts }) => Array.isArray(contacts) && contacts.length === count,
      );
      return Array.isArray(told.contacts) ? told.contacts : [];
    };
    expect(await contacts(1)).toMatchObject([{ state: 'active' }]);
    const second = await stage.agent({ name: 'second', sections: { account: account('car') } });
    expect(await contacts(2)).toMatchObject([{ state: 'active' }, { state: 'active' }]);
    await second.agent.stop();
    const isLeft = ({ contacts: all }: Told): boolean => /unregistered/.test(JSON.stringify(all));
    const left = await until('registrations', car, isLeft);
    expect(left.contacts).toMatchObject([{ state: 'active' }, { state: 'terminated' }]);
  });

  it('what baresip publishes', async () => {
    const baresip = await stage.baresip('phone', {
      publishes: true,
      account: { registrar: domain, user: 'phone', password: Kamailio.password('phone') },
    });
    await untilState('presence', phone, 'open');
    await baresip.command('presence_offline');
    await untilState('presence', phone, 'closed');
    await baresip.command('presence_online');
    await untilState('presence', phone, 'open');
  });
});
