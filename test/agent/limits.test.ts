import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { MAX_SESSIONS } from '../../src/agent';

it('the media plane has room for as many sessions as the agent may have', () => {
  const header = readFileSync('native/include/dashvoip/engine/engine.h', 'utf8');
  expect(Number(/kMaxSessions = (\d+);/.exec(header)?.[1])).toBe(MAX_SESSIONS);
});
