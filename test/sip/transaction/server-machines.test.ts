// Shows RFC 3261, 6026.

import { describe, expect, it } from 'vitest';
import {
  InviteServerMachine,
  NonInviteServerMachine,
  RFC3261_TIMERS,
} from '../../../src/sip/transaction';
import { ServerRun } from './machine-run';

const invite = (reliable = false) =>
  new ServerRun(new InviteServerMachine(RFC3261_TIMERS, reliable));
const other = (reliable = false) =>
  new ServerRun(new NonInviteServerMachine(RFC3261_TIMERS, reliable));

describe('INVITE server transaction', () => {
  it('answers a repeated INVITE with the latest provisional response', () => {
    expect(invite().repeat().respond(100).repeat().respond(180).repeat().done).toEqual([
      '0 send-response 100',
      '0 resend-response',
      '0 send-response 180',
      '0 resend-response',
    ]);
  });

  it('timer G repeats a refusal up to every T2 until timer H gives up at 64*T1', () => {
    const run = invite().respond(486);
    run.clock.advance(40_000);
    expect(run.done).toEqual([
      '0 send-response 486',
      '500 resend-response',
      '1500 resend-response',
      '3500 resend-response',
      '7500 resend-response',
      '11500 resend-response',
      '15500 resend-response',
      '19500 resend-response',
      '23500 resend-response',
      '27500 resend-response',
      '31500 resend-response',
      '32000 fail timeout',
      '32000 end',
    ]);
  });

  it('the ACK stops timers G and H, and timer I absorbs further ACKs for T4', () => {
    const run = invite().respond(486);
    run.clock.advance(600);
    run.acknowledge();
    run.clock.advance(1000);
    run.acknowledge().repeat();
    run.clock.advance(40_000);
    expect(run.done).toEqual(['0 send-response 486', '500 resend-response', '5600 end']);
  });

  it('repeats a refusal when the INVITE comes again', () => {
    expect(invite().respond(486).repeat().done).toEqual([
      '0 send-response 486',
      '0 resend-response',
    ]);
  });

  it('over a reliable transport timer G does not run and timer I is zero', () => {
    const run = invite(true).respond(486);
    run.clock.advance(2000);
    run.acknowledge();
    run.clock.advance(0);
    expect(run.done).toEqual(['0 send-response 486', '2000 end']);
  });

  it('absorbs repeated INVITEs behind a 2xx and passes on repeated 2xx until timer L', () => {
    const run = invite().respond(200).repeat();
    run.clock.advance(500);
    run.respond(200).respond(486).acknowledge();
    run.clock.advance(40_000);
    expect(run.done).toEqual(['0 send-response 200', '500 send-response 200', '32000 end']);
  });

  it('reports transport errors and stays where it is until its timers end it', () => {
    const run = invite().respond(180).loseTransport();
    expect(run.state).toBe('proceeding');
    run.respond(486).loseTransport();
    expect(run.state).toBe('completed');
    expect(run.done.filter((line) => line.includes('fail'))).toEqual([
      '0 fail transport',
      '0 fail transport',
    ]);
  });
});

describe('non-INVITE server transaction', () => {
  it('ignores a repeated request until there is an answer to repeat', () => {
    expect(other().repeat().respond(100).repeat().respond(200).repeat().done).toEqual([
      '0 send-response 100',
      '0 resend-response',
      '0 send-response 200',
      '0 resend-response',
    ]);
  });

  it('timer J keeps the answer for 64*T1', () => {
    const run = other().respond(200);
    run.clock.advance(31_999);
    run.repeat();
    run.clock.advance(1);
    run.repeat();
    expect(run.done).toEqual(['0 send-response 200', '31999 resend-response', '32000 end']);
  });

  it('timer J is zero over a reliable transport', () => {
    const run = other(true).respond(200);
    run.clock.advance(0);
    expect(run.done).toEqual(['0 send-response 200', '0 end']);
  });

  it('sends one final answer only', () => {
    expect(other().respond(200).respond(500).done).toEqual(['0 send-response 200']);
  });

  it('reports transport errors', () => {
    expect(other().respond(200).loseTransport().done.at(-1)).toBe('0 fail transport');
  });
});
