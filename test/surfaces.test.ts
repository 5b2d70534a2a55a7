import { beforeEach, describe, expect, it, vi } from 'vitest';
import { checkConfig, placeOf } from '../src/config';
import type { WebOptions } from '../src/control/web';
import { silentLogger } from '../src/platform';
import { Surfaces } from '../src/surfaces';
import { startedBench } from './agent/fakes';
import { controlOf } from './control/fakes';

const loaded = vi.hoisted((): { names: string[]; options: unknown; fault: string } => ({
  names: [],
  options: undefined,
  fault: '',
}));
vi.mock('../src/control/web', () => {
  loaded.names.push('web');
  const openWeb = async (options: WebOptions) => {
    if (loaded.fault) throw new Error(loaded.fault);
    loaded.options = options;
    return { close: async () => undefined };
  };
  return { openWeb };
});
vi.mock('../src/control/mqtt', () => {
  loaded.names.push('mqtt');
  return { openMqtt: async () => ({ close: async () => undefined }) };
});

beforeEach(() => {
  loaded.fault = '';
});

async function open(value: object) {
  const control = controlOf(await startedBench());
  const config = checkConfig(value, 'test');
  const configFile = '/etc/dashvoip.json';
  const { directory = '' } = config.state;
  const place = { configFile, directory: placeOf(directory, configFile) };
  const surfaces = new Surfaces(place, control, silentLogger);
  await surfaces.open(config);
  return { control, surfaces };
}

describe('ways in', () => {
  it('that are not configured are not even loaded', async () => {
    const { control } = await open({});
    expect([loaded.names, control.surfaces]).toEqual([[], {}]);
  });

  it('are loaded where they are configured; paths are relative to the configuration', async () => {
    await open({
      web: { address: '0.0.0.0', passwordFile: 'web.password', tls: { kind: 'self-made' } },
      state: { directory: 'state' },
    });
    expect(loaded.names).toEqual(['web']);
    expect(loaded.options).toMatchObject({
      ...{ address: '0.0.0.0', port: 8080, passwordFile: '/etc/web.password' },
      tls: { kind: 'self-made', directory: '/etc/state' },
    });
  });

  it('that cannot be opened keep the agent from nothing, and the status says so', async () => {
    loaded.fault = 'no such file';
    const { surfaces, control } = await open({ web: { port: 81 } });
    expect(control.surfaces.web?.()).toMatchObject({
      ...{ address: '127.0.0.1', port: 81, needsPassword: false, encrypted: false },
      detail: 'dashvoip-web.cjs cannot be loaded; the log says why',
    });
    await surfaces.close();
  });
});
