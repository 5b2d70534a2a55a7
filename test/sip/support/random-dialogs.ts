import { expect } from 'vitest';
import type { IncomingSession, InviteSession } from '../../../src/sip/invite';
import { type Diary, type FakeMedia, type Phone, UNLIMITED, World } from './world';

/** What a run goes through. */
const ROUGH_MS = 30_000;
const STEPS = 25;
/** All transactions and every repeated 2xx are over. */
const CALM_MS = 150_000;
/** On its way, when it is calm. */
const CALM_DELAY_MS = 10;

type Dice = (sides: number) => number;

function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  // mulberry32: what it throws depends on the seed alone.
  return (sides) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * sides);
  };
}

interface End {
  readonly session: InviteSession;
  /** The same, when it was called. */
  readonly called?: IncomingSession;
  readonly media: FakeMedia;
  readonly diary: Diary;
}

/**
 * Whole dialogs at random: two user agents do what they may in any order, over a network that loses,
 * doubles, delays and so reorders what they say. When it is calm again they agree, and nothing is left.
 * The seed decides all of it. Throws what does not hold.
 */
export function runDialogs(seed: number): void {
  const dice = diceOf(seed);
  const world = new World();
  world.network.keepsTrace = false;
  // Every tenth network is perfect but for its order.
  const [lossy, doubling] = dice(10) === 0 ? [0, 0] : [dice(30), dice(20)];
  let isCalm = false;
  let lastSentAt = 0;
  world.network.copies = () => {
    lastSentAt = world.clock.now();
    if (isCalm) return [CALM_DELAY_MS];
    if (dice(100) < lossy) return [];
    const delay = (): number => 1 + dice(dice(5) === 0 ? 1500 : 60);
    return dice(100) < doubling ? [delay(), delay()] : [delay()];
  };
  const parts = { sessionExpires: 90 + 30 * dice(3), sourceRates: UNLIMITED };
  const phones = [
    world.phone('alice', parts).listen(),
    world.phone('bob', parts).listen(),
  ] as const;
  const ends: End[] = [];
  for (const phone of phones) {
    phone.onCall = (call) => {
      ends.push({ ...call, called: call.session });
      if (dice(3) > 0) call.session.ring();
      if (dice(2) === 0) call.session.accept();
    };
  }
  for (let step = 0; step < STEPS; step++) {
    act(dice, phones, ends);
    world.run(dice(Math.floor((2 * ROUGH_MS) / STEPS)));
  }
  isCalm = true;
  world.run(CALM_MS);
  // Who has given up at this very moment has told the other, who is about to hear it.
  while (world.clock.now() - lastSentAt <= CALM_DELAY_MS) world.run(CALM_DELAY_MS);
  expectAgreement(ends);
  for (const { session } of ends) session.hangup();
  world.run(CALM_MS);
  expectNothingLeft(world, phones);
}

function act(dice: Dice, phones: readonly [Phone, Phone], ends: End[]): void {
  const [alice, bob] = dice(2) === 0 ? phones : ([phones[1], phones[0]] as const);
  const end = ends[dice(ends.length)];
  if (!end || dice(6) === 0) {
    if (ends.filter(({ session }) => session.state !== 'ended').length < 6) {
      ends.push(alice.call(bob.uri));
    }
    return;
  }
  const { session, called } = end;
  switch (dice(8)) {
    case 0:
      session.hangup();
      break;
    case 1:
    case 2:
      called?.accept();
      break;
    case 3:
      called?.ring();
      break;
    case 4:
    case 5:
      void session.renegotiate();
      break;
    case 6:
      void session.sendKey({ digit: '5', durationMs: 100 });
      break;
    case 7:
      void session.ask();
      break;
  }
}

/** Of each call both ends ring, or are up with the same descriptions, or both are gone. */
function expectAgreement(ends: readonly End[]): void {
  for (const { session, media } of ends) {
    const other = ends.find(
      (one) => one.session !== session && one.session.callId === session.callId,
    );
    // An INVITE that never arrived has no other end.
    expect(other?.session.state ?? 'ended').toBe(session.state);
    expect(session.state).not.toBe('accepted');
    if (session.state === 'confirmed') expect(media.agreed).toBe(other?.media.agreed);
  }
}

function expectNothingLeft(world: World, phones: readonly Phone[]): void {
  for (const { userAgent } of phones) {
    expect(userAgent.counters).toMatchObject({
      activeTransactions: 0,
      activeDialogs: 0,
      malformed: 0,
    });
    expect(userAgent.internalErrors).toBe(0);
  }
  expect(world.clock.pendingTimers).toBe(0);
}
