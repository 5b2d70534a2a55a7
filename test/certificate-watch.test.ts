import { expect, it } from 'vitest';
import { watchCertificates } from '../src/certificate-watch';
import { expiryOf, Log } from '../src/platform';
import { startedBench } from './agent/fakes';

const HOUR = 3_600_000;

it('the log is told once a day of certificates that run out, and no more when they have been renewed', async () => {
  const { agent, clock, userAgent } = await startedBench();
  const lines: string[] = [];
  const logs = new Log(
    'info',
    (line) => lines.push(/msg="([^"]*)"/.exec(line)?.[1] ?? line),
    () => clock.wallTime(),
  );
  let expires = new Date(clock.wallTime().getTime() + 20.5 * 24 * HOUR);
  const expiry = () => expiryOf('web: our certificate', expires, clock.wallTime());
  const web = { ...{ address: '', port: 0, detail: '', encrypted: true, needsPassword: false } };
  const counters = {
    ...{ sessions: 0, invitations: 0, guests: 0, streams: 0, droppedStreams: 0, requests: 0 },
    ...{ logins: 0, refusedLogins: 0, foreign: 0, malformed: 0 },
  };
  const security = { ...{ port: 5061, leastVersion: 'TLSv1.2', fingerprint: '', connections: [] } };
  Object.assign(userAgent, {
    security: { ...security, problems: ['our certificate cannot be read'] },
  });
  const surfaces = { web: () => ({ ...web, ...counters, expiry: expiry() }) };
  const watch = watchCertificates({ agent, surfaces, clock }, logs.logger('agent'));
  clock.advance(24 * HOUR);
  const date = expires.toISOString().slice(0, 10);
  expect(lines).toEqual([
    'our certificate cannot be read',
    `web: our certificate runs out on ${date}, in 20 days`,
    `web: our certificate runs out on ${date}, in 19 days`,
  ]);
  clock.advance(2 * 24 * HOUR);
  expect(lines.slice(3)).toEqual([
    `web: our certificate runs out on ${date}, in 18 days`,
    `web: our certificate runs out on ${date}, in 17 days`,
  ]);
  expires = new Date(expires.getTime() + 365 * 24 * HOUR);
  clock.advance(3 * 24 * HOUR);
  expect(lines).toHaveLength(5);
  watch.cancel();
  expires = clock.wallTime();
  clock.advance(3 * 24 * HOUR);
  expect(lines).toHaveLength(5);
});
