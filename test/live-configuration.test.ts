import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkConfig, loadConfig } from '../src/config';
import { agentFollows, LiveConfiguration, logFollows } from '../src/live-configuration';
import { Log, LogOutput } from '../src/platform';
import { startedBench } from './agent/fakes';

const folder = mkdtempSync(join(tmpdir(), 'dashvoip-live-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'config.json');

async function live(value: object) {
  writeFileSync(file, JSON.stringify(value));
  const { agent } = await startedBench();
  const logs = new Log(
    'info',
    () => undefined,
    () => new Date(0),
  );
  const written: string[] = [];
  const output = new LogOutput('stderr', (line) => written.push(`stderr ${line}`), {
    write: (line) => {
      written.push(`syslog ${line}`);
      return true;
    },
    close: () => written.push('closed'),
  });
  const followers = [agentFollows(agent, file), logFollows(logs, output)];
  const configuration = new LiveConfiguration(file, loadConfig(file), followers);
  return { agent, logs, output, written, configuration };
}

describe('the configuration of an agent that runs', () => {
  it('puts in force what needs no socket anew, and says what waits', async () => {
    const { agent, logs, configuration } = await live({});
    writeFileSync(
      file,
      JSON.stringify({
        policy: { doNotDisturb: true },
        log: { level: 'debug' },
        media: { rtpTimeout: 30, codecs: ['PCMU'] },
      }),
    );
    expect(configuration.reload()).toEqual({
      applied: ['media.rtpTimeout', 'policy.doNotDisturb', 'log.level'],
      restart: ['media.codecs'],
      reopened: [],
    });
    expect([agent.switches.doNotDisturb, logs.level]).toEqual([true, 'debug']);
  });

  it('has the log written elsewhere from the next line on, and nothing left open', async () => {
    const { output, written, configuration } = await live({});
    const targets = ['syslog', 'both', 'stderr'] as const;
    for (const target of targets) {
      expect(configuration.set('log.target', target).applied).toEqual(['log.target']);
      output.write(target, 'info');
    }
    expect(written).toEqual([
      'syslog syslog',
      ...['syslog both', 'stderr both'],
      ...['closed', 'stderr stderr'],
    ]);
  });

  it('blames the parameter that is wrong', async () => {
    const { configuration } = await live({});
    expect(() => configuration.set('sip.prot', 1)).toThrow(
      expect.objectContaining({ name: 'CommandRefusal', param: 'path' }),
    );
    expect(() => configuration.set('sip.port', -1)).toThrow(
      expect.objectContaining({ name: 'CommandRefusal', param: 'value' }),
    );
  });

  it('blames nobody for a file that is wrong, missing or none', async () => {
    const { configuration } = await live({});
    writeFileSync(file, '{');
    const refusal = expect.objectContaining({ name: 'AgentException', refusal: 'no-resource' });
    expect(() => configuration.reload()).toThrow(refusal);
    expect(() => configuration.set('policy.autoAnswer', true)).toThrow(refusal);
    rmSync(file);
    expect(() => configuration.reload()).toThrow(refusal);
    const none = new LiveConfiguration(undefined, checkConfig({}, 'defaults'), []);
    expect(() => none.set('policy.autoAnswer', true)).toThrow(refusal);
  });
});
