// Shows RFC 3261, 6026.

import { describe, expect, it } from 'vitest';
import { createResponse } from '../../../src/sip/message';
import {
  type ClientEffect,
  type ClientInput,
  type ClientMachine,
  InviteClientMachine,
  InviteServerMachine,
  NonInviteClientMachine,
  NonInviteServerMachine,
  RFC3261_TIMERS,
  type ServerEffect,
  type ServerInput,
  type ServerMachine,
} from '../../../src/sip/transaction';
import { REQUEST, wordFor } from './machine-run';

/**
 * What each machine of RFC 3261 §17 and RFC 6026 does in each of its states with each input there is: `effects > state`
 * for those that do something, which are all but those of which the table says nothing.
 */

const TIMERS = ['A', 'B', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M'] as const;
const STATUSES = [100, 199, 200, 299, 300, 699];
const gone = { kind: 'transport-error', detail: 'gone' } as const;
const timers = TIMERS.map((timer) => [timer, { kind: 'timer', timer }] as const);

const CLIENT: ReadonlyMap<string, ClientInput> = new Map<string, ClientInput>([
  ['start', { kind: 'start' }],
  ...STATUSES.map((status): [string, ClientInput] => [
    `${status}`,
    { kind: 'response', response: createResponse(REQUEST, status) },
  ]),
  ...timers,
  ['gone', gone],
]);

const SERVER: ReadonlyMap<string, ServerInput> = new Map<string, ServerInput>([
  ['again', { kind: 'retransmission' }],
  ['ack', { kind: 'ack' }],
  ...STATUSES.map((status): [string, ServerInput] => [
    `${status}`,
    { kind: 'respond', response: createResponse(REQUEST, status) },
  ]),
  ...timers,
  ['gone', gone],
]);

const word = (effect: ClientEffect | ServerEffect): string => {
  if (effect.kind === 'set-timer') return `${effect.timer} in ${effect.delayMs}`;
  if (effect.kind === 'clear-timer') return `no ${effect.timer}`;
  return effect.kind === 'fail' ? `${wordFor(effect)} (${effect.detail})` : wordFor(effect);
};

function table<Input>(
  create: () => {
    readonly state: string;
    step(input: Input): readonly (ClientEffect | ServerEffect)[];
  },
  inputs: ReadonlyMap<string, Input>,
  way: readonly string[],
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, input] of inputs) {
    const machine = create();
    for (const step of way) machine.step(inputs.get(step) as Input);
    const before = machine.state;
    const effects = machine.step(input).map(word).join(', ');
    const after = machine.state === before ? '' : ` > ${machine.state}`;
    if (effects + after !== '') found[name] = effects + after;
  }
  return found;
}

const client =
  (Machine: new (timers: typeof RFC3261_TIMERS, reliable: boolean) => ClientMachine) =>
  (way: readonly string[], reliable = false) =>
    table(() => new Machine(RFC3261_TIMERS, reliable), CLIENT, way);
const server =
  (Machine: new (timers: typeof RFC3261_TIMERS, reliable: boolean) => ServerMachine) =>
  (way: readonly string[], reliable = false) =>
    table(() => new Machine(RFC3261_TIMERS, reliable), SERVER, way);

const each = (names: readonly (string | number)[], what: (name: string) => string) =>
  Object.fromEntries(names.map((name) => [`${name}`, what(`${name}`)]));
const without = (...names: string[]) => TIMERS.filter((name) => !names.includes(name));

describe('INVITE client transaction', () => {
  const of = client(InviteClientMachine);
  const first = 'no A, no B, ';
  const lost = 'fail transport (gone), end > terminated';

  it.each([false, true])('calling, reliable: %s', (reliable) => {
    const d = reliable ? 0 : 32_000;
    expect(of([], reliable)).toEqual({
      start: `send-request, B in 32000${reliable ? '' : ', A in 500'}`,
      ...each([100, 199], (status) => `${first}deliver ${status} > proceeding`),
      ...each([200, 299], (status) => `${first}M in 32000, deliver ${status} > accepted`),
      ...each(
        [300, 699],
        (status) => `${first}send-ack ${status}, D in ${d}, deliver ${status} > completed`,
      ),
      A: 'resend-request, A in 1000',
      ...each(without('A'), () => 'fail timeout (no response to INVITE), end > terminated'),
      gone: lost,
    });
  });

  it('proceeding', () => {
    expect(of(['start', '100'])).toEqual({
      ...each([100, 199], (status) => `deliver ${status}`),
      ...each([200, 299], (status) => `M in 32000, deliver ${status} > accepted`),
      ...each(
        [300, 699],
        (status) => `send-ack ${status}, D in 32000, deliver ${status} > completed`,
      ),
    });
  });

  it('accepted', () => {
    expect(of(['start', '200'])).toEqual({
      ...each([200, 299], (status) => `deliver ${status}`),
      M: 'end > terminated',
    });
  });

  it('completed', () => {
    expect(of(['start', '300'])).toEqual({
      ...each([300, 699], (status) => `send-ack ${status}`),
      D: 'end > terminated',
      gone: lost,
    });
  });

  it('terminated', () => {
    expect(of(['start', 'B'])).toEqual({});
  });
});

describe('non-INVITE client transaction', () => {
  const of = client(NonInviteClientMachine);
  const lost = 'fail transport (gone), end > terminated';
  const late = 'fail timeout (no final response), end > terminated';

  it.each([false, true])('trying, reliable: %s', (reliable) => {
    const k = reliable ? 0 : 5000;
    expect(of([], reliable)).toEqual({
      start: `send-request, F in 32000${reliable ? '' : ', E in 500'}`,
      ...each([100, 199], (status) => `deliver ${status} > proceeding`),
      ...each(
        [200, 299, 300, 699],
        (status) => `no E, no F, K in ${k}, deliver ${status} > completed`,
      ),
      E: 'resend-request, E in 1000',
      ...each(without('E'), () => late),
      gone: lost,
    });
  });

  it('proceeding', () => {
    expect(of(['start', '100'])).toEqual({
      ...each([100, 199], (status) => `deliver ${status}`),
      ...each(
        [200, 299, 300, 699],
        (status) => `no E, no F, K in 5000, deliver ${status} > completed`,
      ),
      E: 'resend-request, E in 4000',
      ...each(without('E'), () => late),
      gone: lost,
    });
  });

  it('completed and terminated', () => {
    expect(of(['start', '200'])).toEqual({ K: 'end > terminated' });
    expect(of(['start', '200', 'K'])).toEqual({});
  });
});

describe('INVITE server transaction', () => {
  const of = server(InviteServerMachine);
  const lost = 'fail transport (gone)';

  it.each([false, true])('proceeding, reliable: %s', (reliable) => {
    const g = reliable ? '' : ', G in 500';
    const begun = {
      ...each([100, 199], (status) => `send-response ${status}`),
      ...each([200, 299], (status) => `send-response ${status}, L in 32000 > accepted`),
      ...each([300, 699], (status) => `send-response ${status}, H in 32000${g} > completed`),
      gone: lost,
    };
    expect(of([], reliable)).toEqual(begun);
    expect(of(['100'], reliable)).toEqual({ ...begun, again: 'resend-response' });
  });

  it('accepted', () => {
    expect(of(['200'])).toEqual({
      ...each([200, 299], (status) => `send-response ${status}`),
      L: 'end > terminated',
      gone: lost,
    });
  });

  it.each([false, true])('completed, reliable: %s', (reliable) => {
    expect(of(['300'], reliable)).toEqual({
      again: 'resend-response',
      ack: `no G, no H, I in ${reliable ? 0 : 5000} > confirmed`,
      G: 'resend-response, G in 1000',
      ...each(without('G'), () => 'fail timeout (no ACK to the final response), end > terminated'),
      gone: lost,
    });
  });

  it('confirmed and terminated', () => {
    expect(of(['300', 'ack'])).toEqual({ I: 'end > terminated' });
    expect(of(['300', 'ack', 'I'])).toEqual({});
  });
});

describe('non-INVITE server transaction', () => {
  const of = server(NonInviteServerMachine);
  const lost = 'fail transport (gone)';

  it.each([false, true])('trying and proceeding, reliable: %s', (reliable) => {
    const j = reliable ? 0 : 32_000;
    const finals = each(
      [200, 299, 300, 699],
      (status) => `send-response ${status}, J in ${j} > completed`,
    );
    expect(of([], reliable)).toEqual({
      ...each([100, 199], (status) => `send-response ${status} > proceeding`),
      ...finals,
      gone: lost,
    });
    expect(of(['100'], reliable)).toEqual({
      again: 'resend-response',
      ...each([100, 199], (status) => `send-response ${status}`),
      ...finals,
      gone: lost,
    });
  });

  it('completed and terminated', () => {
    expect(of(['200'])).toEqual({ again: 'resend-response', J: 'end > terminated', gone: lost });
    expect(of(['200', 'J'])).toEqual({});
  });
});
