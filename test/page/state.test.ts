import { describe, expect, it } from 'vitest';
import { STATUS_EXAMPLE, type StatusReply } from '../../src/control';
import { recentContacts, shortAddress } from '../../src/page/model/addresses';
import { clockTime, longTime } from '../../src/page/model/durations';
import { takenInvitation } from '../../src/page/model/invitation';
import { withSamples } from '../../src/page/model/samples';
import { FIRST_STATE, type Happening, next, type PageState } from '../../src/page/model/state';

const AT = new Date('2026-11-23T05:36:28Z');
const following = (...happenings: readonly Happening[]): PageState =>
  happenings.reduce(next, FIRST_STATE);
const status = (change: Partial<StatusReply> = {}): Happening => ({
  kind: 'status',
  status: { ...STATUS_EXAMPLE, ...change },
  at: AT,
});

describe('what the page knows', () => {
  it('says that it is connected again, and that the agent is another one', () => {
    const again = following({ kind: 'opened' }, status(), { kind: 'lost' }, { kind: 'opened' });
    expect(again.notice).toBe('backAgain');
    expect(next(again, status({ uptimeS: STATUS_EXAMPLE.uptimeS + 4 })).notice).toBe('backAgain');
    const other = next(again, status({ pid: 418, uptimeS: 1, calls: [] }));
    expect(other.notice).toBe('restarted');
    expect(other.samples).toEqual([]);
    expect(next(other, { kind: 'notice-read' }).notice).toBeUndefined();
  });

  it('knows another run by its time where the process has the same number', () => {
    expect(following(status({ uptimeS: 90 }), status({ uptimeS: 2 })).notice).toBe('restarted');
  });

  it('says nothing of a connection that was there from the first', () => {
    expect(following({ kind: 'lost' }, { kind: 'opened' }, status()).notice).toBeUndefined();
  });

  it('counts what was lost while it was away until that is read; a page that is new has lost nothing', () => {
    const fresh = following({ kind: 'opened' }, { kind: 'gap', missed: 9 }, status());
    expect(fresh.missed).toBe(0);
    const gap: Happening = { kind: 'gap', missed: 3 };
    const back = [{ kind: 'lost' } as const, { kind: 'opened' } as const, gap, gap].reduce(
      next,
      fresh,
    );
    expect(back.missed).toBe(6);
    expect(next(back, { kind: 'notice-read' }).missed).toBe(0);
  });

  it('keeps what it knew while the agent is away, and nothing of it before a login', () => {
    const away = following({ kind: 'opened' }, status(), { kind: 'lost' });
    expect(away.status).toBeDefined();
    const line = { at: AT, level: 'info', area: 'sip', text: 'registered' };
    const out = next(next(away, { kind: 'log', line }), { kind: 'login-needed' });
    expect(out).toEqual({
      ...FIRST_STATE,
      connection: 'login',
      needsPassword: true,
      wasOpen: true,
    });
  });

  it('takes a farewell of an earlier run for none once there is a status', () => {
    expect(following({ kind: 'stopping' }).notice).toBe('stopping');
    expect(following({ kind: 'stopping' }, status()).notice).toBeUndefined();
  });

  it('keeps the last 500 lines of the log, each once', () => {
    const line = (place: number): Happening => ({
      kind: 'log',
      line: { at: new Date(place), level: 'info', area: 'sip', text: 'x' },
    });
    const many = Array.from({ length: 510 }, (_, place) => line(place));
    const { log } = following(...many, line(509), line(300));
    expect(log).toHaveLength(500);
    expect(log[0]?.at.getTime()).toBe(10);
    expect(new Set(log.map(({ key }) => key)).size).toBe(500);
  });
});

describe('a guest', () => {
  const until = new Date('2026-11-23T05:46:28Z');
  const calls = [{ call: 7, state: 'active' }] as const;

  it('knows until when he is one, and his calls', () => {
    const guest = following({ kind: 'guest', until }, { kind: 'guest-calls', calls });
    expect(guest).toMatchObject({ connection: 'live', needsPassword: true });
    expect(guest.guest).toEqual({ until, calls });
    const back = next(next(guest, { kind: 'lost' }), { kind: 'guest-calls', calls: [] });
    expect(back).toMatchObject({ connection: 'live', guest: { calls: [] } });
  });

  it('is told when his time is over, and that no session has ended', () => {
    const over = following({ kind: 'guest', until }, { kind: 'login-needed' });
    expect(over).toEqual({
      ...{ ...FIRST_STATE, connection: 'login', needsPassword: true },
      invitation: { kind: 'over' },
    });
    // What was on its way meanwhile.
    expect(next(over, { kind: 'guest-calls', calls })).toBe(over);
  });

  it('who is none is told why, until somebody is let in', () => {
    const invitation = { kind: 'refused' } as const;
    const refused = following({ kind: 'login-needed', invitation });
    expect(refused).toMatchObject({ connection: 'login', invitation, guest: undefined });
    expect(next(refused, { kind: 'login-needed' }).invitation).toEqual(invitation);
    expect(next(refused, { kind: 'session', needsPassword: true }).invitation).toBeUndefined();
    expect(next(refused, { kind: 'guest', until }).invitation).toBeUndefined();
  });

  it('who logs in is one no longer', () => {
    const member = following({ kind: 'guest', until }, { kind: 'session', needsPassword: true });
    expect(member.guest).toBeUndefined();
  });
});

describe('the page’s address', () => {
  const taken = (hash: string): [string | undefined, string[]] => {
    const places: string[] = [];
    const history = {
      replaceState: (_: unknown, __: string, url?: string | URL | null) =>
        void places.push(`${url}`),
    };
    return [takenInvitation({ hash, pathname: '/', search: '?a=b' }, history), places];
  };

  it('has an invitation, which is taken out of it at once, whatever it is', () => {
    expect(taken('#/invitation/q7Yk0n-3_Zt2vWmXo5RbLA')).toEqual([
      'q7Yk0n-3_Zt2vWmXo5RbLA',
      ['/?a=b'],
    ]);
    expect(taken('#/invitation/')).toEqual(['', ['/?a=b']]);
    expect(taken('#/invitation/a/b')).toEqual(['a/b', ['/?a=b']]);
  });

  it('stays as it is without one', () => {
    for (const hash of ['', '#/phone', '#/invitation', '#/x/invitation/y']) {
      expect(taken(hash)).toEqual([undefined, []]);
    }
  });
});

describe('samples of a call', () => {
  const [call] = STATUS_EXAMPLE.calls;
  const audio = call?.media?.audio;
  if (!call || !audio) throw new Error('the example has no call');
  const counting = (packets: number, lost: number) => ({
    ...call,
    media: { audio: { ...audio, received: { ...audio.received, packets, lost } } },
  });
  const lossOf = (...counted: readonly (readonly [number, number])[]) =>
    counted
      .reduce(
        (known, [packets, lost], place) => withSamples(known, [counting(packets, lost)], place),
        withSamples([], [], 0),
      )[0]
      ?.samples.map(({ loss }) => loss);

  it('tell the loss since the one before', () => {
    expect(lossOf([100, 0], [145, 5], [195, 5])).toEqual([0, 10, 0]);
  });

  it('know no loss where nothing came, and none below nothing', () => {
    expect(lossOf([100, 2], [100, 2], [151, 1])).toEqual([(2 / 102) * 100, undefined, 0]);
  });

  it('tell levels down to what a listener takes for silence, where anything is sent or heard', () => {
    const { sentLevelDbov: _, ...silent } = audio;
    const media = { audio: { ...silent, heardLevelDbov: -127 } };
    const [sample] = withSamples([], [{ ...call, media }], 0)[0]?.samples ?? [];
    expect(sample?.levelHere).toBeUndefined();
    expect(sample?.levelThere).toBe(-70);
    expect(withSamples([], [call], 0)[0]?.samples[0]?.levelHere).toBe(-24.6);
  });

  it('are the last five minutes, and stay when the call has ended', () => {
    let known = withSamples([], [], 0);
    for (let at = 0; at < 310; at += 1) known = withSamples(known, [counting(at * 50, 0)], at);
    expect(known[0]?.samples).toHaveLength(300);
    expect(known[0]?.samples[0]?.at).toBe(10);
    expect(withSamples(known, [], 311)).toBe(known);
  });

  it('are of four calls at most, and a later one takes the place of the eldest', () => {
    const known = [1, 2, 3, 4, 5].reduce(
      (before, number) => withSamples(before, [{ ...call, call: number }], number),
      withSamples([], [], 0),
    );
    expect(known.map((samples) => samples.call)).toEqual([2, 3, 4, 5]);
  });
});

describe('words for people', () => {
  it('write addresses and times short', () => {
    expect(shortAddress('sip:1001@example.org;transport=tcp')).toBe('1001@example.org');
    expect(shortAddress('SIPS:a@b?x=1')).toBe('a@b');
    expect([clockTime(5), clockTime(75), clockTime(3675), clockTime(-1)]).toEqual([
      '0:05',
      '1:15',
      '1:01:15',
      '0:00',
    ]);
    expect(longTime(90_061)).toBe('1 d 1:01:01');
  });

  it('name whom we talked to last, each once', () => {
    const entry = (remote: string, displayName?: string) => ({
      call: 1,
      direction: 'incoming' as const,
      remote,
      ...(displayName === undefined ? {} : { displayName }),
      startedAt: AT.toISOString(),
      durationS: 0,
      ended: 'busy',
    });
    const recent = [entry('sip:a@b', 'Ann'), entry('sip:c@d'), entry('sip:a@b'), entry('sip:e@f')];
    expect(recentContacts(recent, 2)).toEqual([
      { uri: 'sip:a@b', name: 'Ann' },
      { uri: 'sip:c@d', name: 'c@d' },
    ]);
  });
});
