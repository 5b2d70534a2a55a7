// Shows RFC 3261, 6026.

import { describe, expect, it } from 'vitest';
import {
  InviteClientMachine,
  NonInviteClientMachine,
  RFC3261_TIMERS,
} from '../../../src/sip/transaction';
import { ClientRun } from './machine-run';

const invite = (reliable = false) =>
  new ClientRun(new InviteClientMachine(RFC3261_TIMERS, reliable));
const other = (reliable = false) =>
  new ClientRun(new NonInviteClientMachine(RFC3261_TIMERS, reliable));

describe('INVITE client transaction', () => {
  it('timer A repeats the INVITE at doubling intervals until timer B gives up at 64*T1', () => {
    const run = invite();
    run.clock.advance(40_000);
    expect(run.done).toEqual([
      '0 send-request',
      '500 resend-request',
      '1500 resend-request',
      '3500 resend-request',
      '7500 resend-request',
      '15500 resend-request',
      '31500 resend-request',
      '32000 fail timeout',
      '32000 end',
    ]);
    expect(run.clock.pendingTimers).toBe(1);
  });

  it('repeats nothing over a reliable transport, where only timer B runs', () => {
    const run = invite(true);
    run.clock.advance(40_000);
    expect(run.done).toEqual(['0 send-request', '32000 fail timeout', '32000 end']);
  });

  it('stops timers A and B at the first provisional response and waits without limit', () => {
    const run = invite().receive(100);
    run.clock.advance(600_000);
    expect(run.done).toEqual(['0 send-request', '0 deliver 100']);
    expect(run.state).toBe('proceeding');
  });

  it('delivers every provisional response', () => {
    expect(invite().receive(100, 180, 183).done.slice(1)).toEqual([
      '0 deliver 100',
      '0 deliver 180',
      '0 deliver 183',
    ]);
  });

  it('acknowledges 300-699 itself, delivers it once, and timer D absorbs its repetitions', () => {
    const run = invite().receive(180, 486);
    run.clock.advance(4000);
    run.receive(486);
    run.clock.advance(40_000);
    expect(run.done.slice(2)).toEqual([
      '0 send-ack 486',
      '0 deliver 486',
      '4000 send-ack 486',
      '32000 end',
    ]);
  });

  it('timer D is zero over a reliable transport', () => {
    const run = invite(true).receive(486);
    run.clock.advance(0);
    expect(run.done.at(-1)).toBe('0 end');
  });

  it('leaves the ACK of 2xx to its user and lets every 2xx pass until timer M', () => {
    const run = invite().receive(200);
    run.clock.advance(10_000);
    run.receive(200, 486, 180);
    run.clock.advance(30_000);
    expect(run.done.slice(1)).toEqual(['0 deliver 200', '10000 deliver 200', '32000 end']);
  });

  it('tells its user of a transport error in Calling and ends', () => {
    expect(invite().loseTransport().done.slice(1)).toEqual(['0 fail transport', '0 end']);
  });

  it('tells its user when the ACK of a refusal cannot be sent', () => {
    expect(invite().receive(486).loseTransport().done.slice(-2)).toEqual([
      '0 fail transport',
      '0 end',
    ]);
  });

  it('does nothing once it has ended', () => {
    const run = invite().loseTransport();
    run.receive(200).loseTransport();
    expect(run.done.slice(3)).toEqual([]);
    expect(run.state).toBe('terminated');
  });
});

describe('non-INVITE client transaction', () => {
  it('timer E repeats the request up to every T2 until timer F gives up at 64*T1', () => {
    const run = other();
    run.clock.advance(40_000);
    expect(run.done).toEqual([
      '0 send-request',
      '500 resend-request',
      '1500 resend-request',
      '3500 resend-request',
      '7500 resend-request',
      '11500 resend-request',
      '15500 resend-request',
      '19500 resend-request',
      '23500 resend-request',
      '27500 resend-request',
      '31500 resend-request',
      '32000 fail timeout',
      '32000 end',
    ]);
  });

  it('timer E goes on every T2 after a provisional response', () => {
    const run = other().receive(100);
    run.clock.advance(9000);
    expect(run.done).toEqual([
      '0 send-request',
      '0 deliver 100',
      '500 resend-request',
      '4500 resend-request',
      '8500 resend-request',
    ]);
  });

  it('timer F also ends a request that got provisional responses only', () => {
    const run = other().receive(100);
    run.clock.advance(32_000);
    expect(run.done.slice(-2)).toEqual(['32000 fail timeout', '32000 end']);
  });

  it('timer K absorbs repeated final responses for T4', () => {
    const run = other().receive(200);
    run.clock.advance(1000);
    run.receive(200);
    run.clock.advance(10_000);
    expect(run.done).toEqual(['0 send-request', '0 deliver 200', '5000 end']);
  });

  it('timer K is zero and timer E does not run over a reliable transport', () => {
    const run = other(true);
    run.clock.advance(2000);
    run.receive(200);
    run.clock.advance(0);
    expect(run.done).toEqual(['0 send-request', '2000 deliver 200', '2000 end']);
  });

  it('tells its user of a transport error', () => {
    expect(other().loseTransport().done.slice(1)).toEqual(['0 fail transport', '0 end']);
    expect(other().receive(100).loseTransport().done.slice(2)).toEqual([
      '0 fail transport',
      '0 end',
    ]);
  });
});

describe('timer set', () => {
  it('scales every timer by T1, T2 and T4', () => {
    const run = new ClientRun(new NonInviteClientMachine({ t1: 10, t2: 40, t4: 50 }, false));
    run.clock.advance(100);
    run.receive(200);
    run.clock.advance(50);
    expect(run.done).toEqual([
      '0 send-request',
      '10 resend-request',
      '30 resend-request',
      '70 resend-request',
      '100 deliver 200',
      '150 end',
    ]);
  });
});
