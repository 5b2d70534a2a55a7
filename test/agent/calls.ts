import { expect } from 'vitest';
import { AgentException } from '../../src/agent';
import type { Bench, FakeSession } from './fakes';

export async function activeCall(all: Bench): Promise<FakeSession> {
  all.agent.call('sip:phone@192.0.2.9');
  const session = all.userAgent.sessions.at(-1);
  if (!session) throw new Error('nobody was called');
  expect(session.pickUp()).toBe(true);
  return session;
}

export function refusalOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof AgentException) return error.refusal;
    throw error;
  }
  return 'none';
}

export async function refusalOfPromise(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    (error: unknown) => {
      if (error instanceof AgentException) return error.refusal;
      throw error;
    },
  );
}
