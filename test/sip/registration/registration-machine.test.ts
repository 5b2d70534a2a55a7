// Shows RFC 5626.

import { describe, expect, it } from 'vitest';
import {
  type RegistrationEffect,
  type RegistrationInput,
  RegistrationMachine,
} from '../../../src/sip/registration/registration-machine';

const START: RegistrationInput = { kind: 'start' };
const GRANTED: RegistrationInput = { kind: 'granted', seconds: 600, isSure: true, detail: 'OK' };
const NO_TIME: RegistrationInput = { ...GRANTED, seconds: 0 };
const TOO_BRIEF: RegistrationInput = { kind: 'too-brief', leastSeconds: 900, detail: 'brief' };
const NOT_BRIEFER: RegistrationInput = { kind: 'too-brief', leastSeconds: 300, detail: 'brief' };
const REFUSED: RegistrationInput = {
  kind: 'refused',
  detail: 'no',
  hopeless: false,
  isUnsent: false,
  retryAfterS: undefined,
};
const UNSENT: RegistrationInput = { ...REFUSED, isUnsent: true };
const CLOSED: RegistrationInput = { kind: 'closed', wasStable: true, detail: 'closed' };
const TIMER: RegistrationInput = { kind: 'timer' };
const REFRESH: RegistrationInput = { kind: 'refresh' };
const UNREGISTER: RegistrationInput = { kind: 'unregister' };

/** How a machine gets there. */
const STATES = {
  idle: [],
  trying: [START],
  registered: [START, GRANTED],
  refreshing: [START, GRANTED, TIMER],
  waiting: [START, REFUSED],
  leaving: [START, GRANTED, UNREGISTER],
  unregistered: [START, GRANTED, UNREGISTER, GRANTED],
} satisfies Record<string, readonly RegistrationInput[]>;

const INPUTS = { START, GRANTED, TOO_BRIEF, REFUSED, CLOSED, TIMER, REFRESH, UNREGISTER };

const machineIn = (
  inputs: readonly RegistrationInput[],
  fraction = 0,
  othersLive = false,
): RegistrationMachine => {
  const machine = new RegistrationMachine(
    300,
    () => fraction,
    () => othersLive,
  );
  for (const input of inputs) machine.step(input);
  return machine;
};

const word = (effect: RegistrationEffect): string => {
  switch (effect.kind) {
    case 'send':
      return `send ${effect.expires}`;
    case 'set-timer':
      return `timer ${effect.delayMs}`;
    case 'report':
      return `${effect.state}: ${effect.detail}`;
    case 'clear-timer':
    case 'left':
      return effect.kind;
  }
};
const words = (effects: readonly RegistrationEffect[]): string => effects.map(word).join(', ');

describe('the machine of a registration', () => {
  const refused = 'timer 1000, failed: no';
  const again = 'timer 2000, failed: no';
  const fleet = 'timer 60000, failed: no';
  const granted = 'timer 540000, registered: OK';
  const leaves = 'clear-timer, send 0';
  const left = 'unregistered: unregistered, left';

  // A word for each input, in the order of INPUTS; '' is an input that does not concern the state.
  it.each<[keyof typeof STATES, ...answers: string[]]>([
    [
      'idle',
      'trying: registering, send 300',
      '',
      '',
      '',
      '',
      '',
      'trying: registering, send 300',
      left,
    ],
    ['trying', '', granted, 'send 900', refused, '', '', 'send 300', leaves],
    [
      'registered',
      ...['', '', '', '', 'timer 0, failed: closed'],
      ...['clear-timer, send 300', 'clear-timer, send 300', leaves],
    ],
    ['refreshing', '', granted, 'send 900', fleet, '', '', 'send 300', leaves],
    ['waiting', '', '', '', '', '', 'clear-timer, send 300', 'clear-timer, send 300', leaves],
    ['leaving', '', left, left, left, '', '', '', ''],
    ['unregistered', '', '', '', '', '', '', '', 'left'],
  ])('when %s', (state, ...answers) => {
    const found = Object.values(INPUTS).map((input) => words(machineIn(STATES[state]).step(input)));
    expect(found).toEqual(answers);
    expect(answers).toHaveLength(Object.keys(INPUTS).length);
  });

  it('asks for what was wanted of it, from then on', () => {
    expect(words(machineIn([START, TOO_BRIEF, GRANTED]).step(TIMER))).toBe('clear-timer, send 900');
  });

  it.each([
    ['refusals', REFUSED],
    ['grants of no time', NO_TIME],
    ['wishes for no more than was asked for', NOT_BRIEFER],
  ])('waits longer with each of the %s in a row', (_, failure) => {
    const machine = machineIn([START]);
    const waits = [1, 2, 3, 4].map(() => {
      const wait = machine.step(failure).find(({ kind }) => kind === 'set-timer');
      machine.step(TIMER);
      return wait;
    });
    expect(waits).toEqual(
      [1000, 2000, 4000, 8000].map((delayMs) => ({ kind: 'set-timer', delayMs })),
    );
    machine.step(GRANTED);
    machine.step(TIMER);
    expect(words(machine.step(UNSENT))).toBe(refused);
  });

  it('waits with all others of its registrar once it has been registered', () => {
    const waits = (fraction: number): unknown[] => {
      const machine = machineIn([START, GRANTED], fraction);
      return [1, 2, 3, 4].map(() => {
        machine.step(TIMER);
        const [wait] = machine.step(REFUSED);
        return wait?.kind === 'set-timer' && wait.delayMs / 1000;
      });
    };
    expect(waits(0)).toEqual([60, 120, 150, 150]);
    expect(waits(1)).toEqual([120, 240, 300, 300]);
  });

  it('takes its time while another flow of the account lives', () => {
    const waits = (failure: RegistrationInput): string =>
      words(machineIn([START, GRANTED, TIMER, GRANTED], 0, true).step(failure));
    expect(waits(CLOSED)).toBe('timer 45000, failed: closed');
    const refreshing = machineIn([START, GRANTED, TIMER], 0, true);
    expect(words(refreshing.step(REFUSED))).toBe('timer 105000, failed: no');
  });

  it.each([
    [true, 0, 0],
    [true, 1, 75_000],
    [false, 0, 30_000],
    [false, 1, 105_000],
  ])(
    'comes back to who has closed its connection, stable %s, with chance %d',
    (wasStable, fraction, delayMs) => {
      const machine = machineIn([START, GRANTED], fraction);
      expect(words(machine.step({ ...CLOSED, wasStable }))).toBe(
        `timer ${delayMs}, failed: closed`,
      );
      expect(words(machine.step(TIMER))).toBe('clear-timer, send 300');
    },
  );

  it('counts a failure whatever it was', () => {
    expect(words(machineIn([START, NO_TIME, TIMER]).step(REFUSED))).toBe(again);
    expect(words(machineIn([START, NOT_BRIEFER, TIMER]).step(REFUSED))).toBe(again);
  });

  it.each([
    [0, 540_000],
    [0.5, 513_000],
    [1, 486_000],
  ])('spreads a refresh over a tenth, earlier with chance %d', (fraction, delayMs) => {
    expect(words(machineIn([START], fraction).step(GRANTED))).toBe(
      `timer ${delayMs}, registered: OK`,
    );
  });

  it.each([
    [0, 100_000],
    [0.5, 105_000],
  ])('waits at least for as long as Retry-After says, with chance %d', (fraction, delayMs) => {
    const later = { ...REFUSED, retryAfterS: 100 };
    expect(words(machineIn([START], fraction).step(later))).toBe(`timer ${delayMs}, failed: no`);
  });
});
