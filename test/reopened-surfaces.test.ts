import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../src/config';
import { agentFollows, LiveConfiguration } from '../src/live-configuration';
import { silentLogger } from '../src/platform';
import { Surfaces } from '../src/surfaces';
import { SETTLE_MS } from '../src/way-in';
import { startedBench } from './agent/fakes';
import { controlOf } from './control/fakes';

let folder: string;
const opened: Surfaces[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dashvoip-surfaces-'));
});
afterEach(async () => {
  for (const surfaces of opened.splice(0)) await surfaces.close();
  rmSync(folder, { recursive: true });
});

/** Nobody listens there. */
const MQTT = { url: 'mqtt://127.0.0.1:9', device: 'car-17' };

/** An agent in a call that was started with `value` for its configuration. */
async function running(value: object, directory?: string) {
  const file = join(folder, 'config.json');
  const write = (changed: object): void => writeFileSync(file, JSON.stringify(changed));
  write(value);
  const bench = await startedBench();
  const control = controlOf(bench);
  const config = loadConfig(file);
  const configuration = new LiveConfiguration(file, config, [agentFollows(bench.agent, file)]);
  const surfaces = new Surfaces({ configFile: file, directory }, control, silentLogger);
  opened.push(surfaces);
  await surfaces.open(config);
  configuration.follow(surfaces.follow);
  bench.agent.call('sip:phone@192.0.2.9');
  bench.userAgent.sessions[0]?.pickUp();
  const settled = async (isReady: () => unknown): Promise<void> => {
    bench.clock.advance(SETTLE_MS);
    await expect.poll(isReady).toBe(true);
  };
  return {
    ...{ ...bench, control, configuration, write, settled },
    session: (port = control.surfaces.web?.()?.port) =>
      fetch(`http://127.0.0.1:${port}/api/session`).then(
        ({ status }) => status,
        () => 'closed',
      ),
  };
}

describe('the ways in of an agent that runs', () => {
  it('are opened and closed as the configuration changes, and a call goes on', async () => {
    const { agent, control, configuration, write, settled, session } = await running({});
    expect(control.surfaces).toEqual({});
    write({ web: { port: 0 }, mqtt: MQTT });
    expect(configuration.reload()).toEqual({
      applied: ['mqtt', 'web'],
      restart: [],
      reopened: ['mqtt', 'web'],
    });
    await settled(() => (control.surfaces.web?.()?.port ?? 0) > 0);
    expect(await session()).toBe(200);
    await expect.poll(() => control.surfaces.mqtt?.()?.detail).toMatch(/^nobody listens at that/);
    const { port } = control.surfaces.web?.() ?? {};
    write({});
    expect(configuration.reload().reopened).toEqual(['mqtt', 'web']);
    // Whoever asked by it has his answer first.
    expect(await session(port)).toBe(200);
    await settled(() => Object.keys(control.surfaces).length === 0);
    expect(await session(port)).toBe('closed');
    expect(agent.status().calls).toMatchObject([{ state: 'active' }]);
  });

  it('are opened anew once for changes in a row, with the last of them', async () => {
    const { control, configuration, settled, session } = await running({ web: { port: 0 } });
    const former = control.surfaces.web?.()?.port;
    configuration.set('web.name', 'car.example.org');
    const change = configuration.set('web.passwordFile', 'web.password');
    expect(change).toEqual({ applied: ['web.passwordFile'], restart: [], reopened: ['web'] });
    expect(control.surfaces.web?.()?.needsPassword).toBe(false);
    await settled(() => control.surfaces.web?.()?.needsPassword);
    await expect.poll(() => session()).toBe(200);
    expect(await session(former)).toBe(control.surfaces.web?.()?.port === former ? 200 : 'closed');
  });

  it('are left alone by changes of anything else, and by a file that is wrong', async () => {
    const { clock, control, configuration, write } = await running({ web: { port: 0 } });
    const { port } = control.surfaces.web?.() ?? {};
    const change = configuration.set('policy.autoAnswer', true);
    expect(change.reopened).toEqual([]);
    write({ web: { port: 'x' } });
    expect(() => configuration.reload()).toThrow('web.port: found "x"');
    clock.advance(SETTLE_MS);
    expect(control.surfaces.web?.()).toMatchObject({ port, detail: '' });
  });

  it('wait for the next start where they need a folder that is in force only then', async () => {
    const state = { directory: folder };
    const { control, configuration, write, clock } = await running({});
    write({ web: { tls: { kind: 'self-made' } }, state });
    expect(configuration.reload()).toEqual({
      ...{ applied: [], restart: ['state.directory', 'web'], reopened: [] },
    });
    clock.advance(SETTLE_MS);
    expect(control.surfaces).toEqual({});
    const again = await running({ state }, folder);
    again.write({ web: { port: 0, tls: { kind: 'self-made' } }, state });
    expect(again.configuration.reload().reopened).toEqual(['web']);
    await again.settled(() => again.control.surfaces.web?.()?.fingerprint !== undefined);
  });

  it('have the events go on by their numbers, as of the same run', async () => {
    const { agent, control, configuration, settled } = await running({ web: { port: 0 } });
    const listen = async (since: string): Promise<string> => {
      const { port } = control.surfaces.web?.() ?? {};
      const { body } = await fetch(`http://127.0.0.1:${port}/api/events?since=${since}`);
      const reader = body?.getReader();
      let text = '';
      while (!text.includes('event: status')) {
        text += new TextDecoder().decode((await reader?.read())?.value);
      }
      await reader?.cancel();
      return text;
    };
    const ids = (text: string): string[] => text.match(/(?<=^id: )\S+/gm) ?? [];
    const last = ids(await listen('0')).at(-1) ?? '';
    configuration.set('web.name', 'car.example.org');
    const former = control.surfaces.web;
    await settled(() => control.surfaces.web !== former && control.surfaces.web?.()?.detail === '');
    agent.setSwitch('doNotDisturb', true);
    const text = await listen(last);
    expect(text).not.toContain('event: gap');
    expect(ids(text)).toEqual([`${Number.parseInt(last, 10) + 1}.${control.journal.run}`]);
  });

  it('that are less safe are told in the warnings from then on', async () => {
    const { agent, configuration } = await running({});
    chmodSync(folder, 0o700);
    expect(agent.status().warnings).toEqual([]);
    configuration.set('mqtt', { ...MQTT, url: 'mqtt://192.0.2.1' });
    expect(agent.status().warnings).toEqual([
      expect.stringMatching(/^mqtt\.url is plain TCP to another machine/),
      expect.stringMatching(/no command is taken from it$/),
    ]);
  });
});
