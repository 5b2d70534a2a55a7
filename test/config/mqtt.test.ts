import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkConfig, configWarnings, loadConfig } from '../../src/config';
import { problems } from './problems';

describe('mqtt', () => {
  const section = (mqtt: object): object => ({ mqtt: { device: 'car-17', ...mqtt } });

  it.each(['mqtt://127.0.0.1', 'mqtts://broker.example.org:8884', 'mqtt://[::1]:1883/'])(
    'takes the URL %s',
    (url) => {
      expect(problems(section({ url }))).toEqual([]);
    },
  );

  it.each([
    'http://127.0.0.1',
    'mqtt://user:hush@127.0.0.1',
    'mqtt://',
    'mqtt://a:0',
    'mqtt://a:65536',
    'mqtts://a/b',
  ])('refuses the URL %s', (url) => {
    expect(problems(section({ url }))[0]).toMatch(
      /^mqtt\.url: found ".*", expected a URL as "mqtts:/,
    );
  });

  it.each([
    [{ device: 'a/b' }, 'mqtt.device: found "a/b", expected an id of 1 to 64 letters'],
    [{ version: '4' }, 'mqtt.version: found "4", expected "5" or "3.1.1"'],
    [{ passwordFile: 'p' }, 'mqtt.username: found nothing, expected a name beside the password'],
    [{ username: 'a', password: 'b', passwordFile: 'p' }, 'mqtt.passwordFile: found "p"'],
    [{ caFile: 'ca' }, 'mqtt.caFile: found "ca", expected a URL that begins with mqtts:'],
    [{ url: 'mqtts://a', certFile: 'c' }, 'mqtt.keyFile: found nothing, expected the private key'],
    [{ url: 'mqtts://a', keyFile: 'k' }, 'mqtt.certFile: found nothing, expected the certificate'],
  ])('of %j tells what is wrong', (mqtt, words) => {
    expect(problems(section({ url: 'mqtt://127.0.0.1', ...mqtt }))[0]?.startsWith(words)).toBe(
      true,
    );
  });

  it.each([
    [{ url: 'mqtt://127.0.0.1', username: 'a', password: 'b' }, []],
    [{ url: 'mqtt://localhost' }, []],
    [{ url: 'mqtts://a', username: 'a', password: 'b' }, []],
    [{ url: 'mqtts://a', certFile: 'c', keyFile: 'k' }, []],
    [{ url: 'mqtt://a', username: 'a', password: 'b' }, [/plain TCP.* reads the password and/]],
    [{ url: 'mqtt://192.0.2.1' }, [/plain TCP.* reads all that is told/, /no command is taken/]],
    [{ url: 'mqtts://a' }, [/no command is taken/]],
  ])('of %j warns of %j', (mqtt, patterns) => {
    const warnings = configWarnings(checkConfig(section(mqtt), 'file'), undefined);
    expect(warnings).toHaveLength(patterns.length);
    for (const [index, pattern] of patterns.entries()) expect(warnings[index]).toMatch(pattern);
  });

  it('has its password in a file, and warns of files that everybody can read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'dashvoip-'));
    for (const name of ['pw', 'key']) writeFileSync(join(folder, name), 'hush\n');
    const file = join(folder, 'config.json');
    const mqtt = {
      ...{ url: 'mqtts://a', device: 'x', username: 'a', passwordFile: 'pw' },
      ...{ certFile: 'not-there-yet', keyFile: 'key' },
    };
    writeFileSync(file, JSON.stringify({ mqtt }));
    chmodSync(folder, 0o755);
    for (const name of ['pw', 'key']) chmodSync(join(folder, name), 0o644);
    const config = loadConfig(file);
    expect(config.mqtt?.password).toBe('hush');
    expect(configWarnings(config, file)).toEqual([
      expect.stringMatching(/can read the password in .*pw: chmod o-r$/),
      expect.stringMatching(/can read the key in .*key: chmod o-r$/),
    ]);
    chmodSync(join(folder, 'key'), 0o600);
    expect(configWarnings(config, file)).toHaveLength(1);
    rmSync(folder, { recursive: true });
  });
});
