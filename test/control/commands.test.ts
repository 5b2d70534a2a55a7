import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HISTORY_LIMIT, type StillKeeper } from '../../src/agent';
import { COMMANDS, exampleOf, JOURNAL_LIMIT, STATUS_EXAMPLE } from '../../src/control';
import { describeField, entriesOf, problemText } from '../../src/schema';
import { phone, startedBench } from '../agent/fakes';
import { controlOf } from './fakes';

function commandOf(name: string) {
  const [command] = COMMANDS.filter((candidate) => candidate.name === name);
  if (!command) throw new Error(`there is no command ${name}`);
  return command;
}

const NAME_OF_A_STILL = '1 to 64 letters, digits, _ and -, of which the first is a letter or digit';

/** What a person is told of a reply. */
function words(name: string, reply: unknown, param?: object): string | undefined {
  const prepared = commandOf(name).prepare(param);
  if ('problems' in prepared) throw new Error(prepared.problems.map(problemText).join());
  return prepared.inWords(reply);
}

/** What is wrong with parameters. */
function wrong(name: string, param: unknown): string[] {
  const prepared = commandOf(name).prepare(param);
  return 'problems' in prepared ? prepared.problems.map(problemText) : [];
}

async function run(all: Awaited<ReturnType<typeof startedBench>>, name: string, param?: object) {
  const prepared = commandOf(name).prepare(param);
  if ('problems' in prepared) throw new Error(prepared.problems.map(problemText).join());
  return prepared.run(controlOf(all));
}

describe('every command', () => {
  it('says what it is for, and what each parameter is', () => {
    for (const { name, summary, schema } of COMMANDS) {
      expect(name).toMatch(/^[a-z]+([- ][a-z]+)*$/);
      expect(summary).toMatch(/^[A-Z].*\.$/);
      for (const [key, parameter] of Object.entries(entriesOf(schema, {}) ?? {})) {
        const { expected, description } = describeField(parameter);
        expect([name, key, expected.length > 0, description.endsWith('.')]).toEqual([
          name,
          key,
          true,
          true,
        ]);
      }
    }
  });

  it('has an example of a reply exactly where it replies, and its schema takes it', () => {
    for (const { name, replySchema } of COMMANDS) {
      const { reply } = exampleOf(name);
      expect([name, reply !== undefined]).toEqual([name, replySchema !== undefined]);
    }
  });

  it('that is meant each time is one that asks, or a key', () => {
    const each = COMMANDS.filter(({ repeats }) => repeats).map(({ name }) => name);
    expect(each).toEqual([
      ...['status', 'dtmf', 'history', 'events', 'log', 'config get', 'config check', 'trace'],
      ...['messages', 'ptt', 'phone-book list', 'dial-plan', 'position'],
    ]);
  });
});

describe('words for a person', () => {
  it.each<[string, unknown, object | undefined, string]>([
    ['call', { call: 3 }, { uri: 'sip:a@b' }, 'call 3: calling sip:a@b'],
    ['answer', undefined, undefined, 'answered'],
    ['reject', undefined, undefined, 'rejected'],
    ['hangup', undefined, undefined, 'hung up'],
    ['hold', undefined, undefined, 'on hold'],
    ['emergency', undefined, undefined, 'calling for help'],
    ['emergency cancel', undefined, undefined, 'no more help is called for'],
    ['resume', undefined, undefined, 'resumed'],
    ['position', {}, undefined, 'no position is known'],
    [
      'position',
      { position: { latitude: 1.5, longitude: -2, ageS: 3 } },
      undefined,
      '1.5 -2, told 3 s ago',
    ],
    ['dtmf', { by: 'rtp' }, { digits: '12#' }, 'pressed 12#'],
    ['network-changed', undefined, undefined, 'told'],
    ['register', undefined, undefined, 'registering'],
    ['do-not-disturb', undefined, { on: true }, 'do not disturb is on'],
    ['do-not-disturb', undefined, { on: false }, 'do not disturb is off'],
    ['auto-answer', undefined, { on: true }, 'auto-answer is on'],
    ['auto-answer', undefined, { on: false }, 'auto-answer is off'],
    ['config get', { value: { a: 1 } }, undefined, '{\n "a": 1\n}'],
    ['config check', { problems: [] }, { config: {} }, 'nothing is wrong'],
    [
      'config check',
      {
        problems: [
          { path: 'a', found: '1', expected: '2' },
          { path: 'b', found: '3', expected: '4' },
        ],
      },
      { config: {} },
      'a: found 1, expected 2\nb: found 3, expected 4',
    ],
    [
      'still',
      { path: '/state/stills/door.jpg', bytes: 62832, width: 1280, height: 720 },
      { name: 'door' },
      '/state/stills/door.jpg: 1280x720, 62832 bytes',
    ],
    [
      'phone-book add',
      { contact: { name: 'Home', numbers: ['7'] } },
      { name: 'Home', number: '7' },
      'Home: 7 is in the phone book',
    ],
    ['phone-book remove', undefined, { name: 'Home' }, 'Home is no longer in the phone book'],
    [
      'phone-book import',
      { added: 2, changed: 1, skipped: 0 },
      { file: '/x.vcf' },
      '2 added, 1 changed, 0 left out',
    ],
    ['phone-book export', { contacts: 3 }, { file: '/x.vcf' }, '3 written to /x.vcf'],
    ['dial-plan', { uri: 'sip:7@b', steps: ['a', 'b'] }, { number: '7' }, 'a\nb\nsip:7@b'],
    ['config reload', { applied: [], restart: [], reopened: [] }, undefined, 'nothing changed'],
    [
      'config reload',
      { applied: ['a', 'b'], restart: [], reopened: [] },
      undefined,
      'in force: a, b',
    ],
    [
      'config reload',
      { applied: [], restart: ['b'], reopened: [] },
      undefined,
      'after the next start: b',
    ],
    [
      'config set',
      { applied: ['web.port'], restart: ['b', 'c'], reopened: ['web'] },
      { path: 'web.port', value: 1 },
      'in force: web.port\nafter the next start: b, c\nopened anew: web',
    ],
  ])('%s: %j with %j', (name, reply, param, told) => {
    expect(words(name, reply, param)).toBe(told);
  });

  it('there are none of a reply that is not one', () => {
    expect(words('call', { call: 0 }, { uri: 'sip:a@b' })).toBeUndefined();
    expect(words('config reload', {}, undefined)).toBeUndefined();
    expect(words('hold', 5)).toBeUndefined();
  });

  it('status, history, events and log leave them to whoever shows them', () => {
    expect(words('status', STATUS_EXAMPLE)).toBeUndefined();
    expect(words('history', { calls: [] })).toBeUndefined();
    expect(words('events', { events: [], last: 0, missed: 0 })).toBeUndefined();
  });
});

describe('bounds', () => {
  it.each<[string, unknown, string[]]>([
    ['history', { limit: 0 }, ['limit: found 0, expected a whole number from 1 to 50']],
    ['history', { limit: HISTORY_LIMIT }, []],
    [
      'history',
      { limit: HISTORY_LIMIT + 1 },
      ['limit: found 51, expected a whole number from 1 to 50'],
    ],
    ['history', { search: '' }, ['search: found "", expected text']],
    [
      'history',
      { before: -1 },
      ['before: found -1, expected a whole number from 0 to 9007199254740991'],
    ],
    ['events', { since: 0, limit: JOURNAL_LIMIT }, []],
    [
      'events',
      { limit: JOURNAL_LIMIT + 1 },
      ['limit: found 257, expected a whole number from 1 to 256'],
    ],
    ['log', { level: 'debug', area: 'sip' }, []],
    ['log', { area: '' }, ['area: found "", expected an area as "sip"']],
    ['dtmf', { digits: 'A'.repeat(32) }, []],
    ['do-not-disturb', {}, ['on: found nothing, expected true or false']],
    ['config get', {}, []],
    ['config get', { path: '' }, ['path: found "", expected a path as "policy.autoAnswer"']],
    ['config set', { path: 'a' }, ['value: found nothing, expected a value']],
    ['config set', { path: 'a', value: null }, []],
    ['config check', {}, ['config: found nothing, expected a configuration']],
    ['register', { x: 1 }, ['x: found an unknown key, expected one of account']],
    ['phone-book add', { name: 'a', number: '7', short: '*1#' }, []],
    ['phone-book add', { name: 'a'.repeat(100), number: '7'.repeat(255) }, []],
    ...['a', '1234567', ''].map((short): [string, unknown, string[]] => [
      'phone-book add',
      { name: 'a', number: '7', short },
      [`short: found ${JSON.stringify(short)}, expected 1 to 6 of 0-9, * and #`],
    ]),
    ...['contacts.vcf', '/etc/passwd', '/x.vcf\n'].map((file): [string, unknown, string[]] => [
      'phone-book export',
      { file },
      [
        `file: found ${JSON.stringify(file)}, expected a path from the root that ends in .vcf, as "/tmp/SD0/contacts.vcf"`,
      ],
    ]),
    ['still', {}, []],
    ['still', { name: 'a'.repeat(64) }, []],
    [
      'still',
      { name: 'a'.repeat(65) },
      [`name: found text beginning "${'a'.repeat(39)}, expected ${NAME_OF_A_STILL}`],
    ],
    ...['', '../door', '/door', 'door.jpg', '.door', '-door', 'a b'].map(
      (name): [string, unknown, string[]] => [
        'still',
        { name },
        [`name: found ${JSON.stringify(name)}, expected ${NAME_OF_A_STILL}`],
      ],
    ),
  ])('%s %j', (name, param, problems) => {
    expect(wrong(name, param)).toEqual(problems);
  });
});

describe('what they do', () => {
  it('log says and sets levels', async () => {
    const all = await startedBench();
    expect(await run(all, 'log')).toEqual({ level: 'info', levels: {}, areas: ['sip'] });
    expect(await run(all, 'log', { level: 'debug', area: 'sip' })).toMatchObject({
      level: 'info',
      levels: { sip: 'debug' },
    });
    expect(await run(all, 'log', { level: 'warn' })).toMatchObject({ level: 'warn', levels: {} });
    await expect(run(all, 'log', { level: 'warn', area: 'sipp' })).rejects.toThrow(
      'area: found "sipp", expected one of sip',
    );
  });

  it('history and events give what there is, as many as asked for', async () => {
    const all = await startedBench();
    for (let count = 0; count < 3; count++) {
      all.userAgent.ringUp(phone());
      all.agent.reject();
    }
    expect(await run(all, 'history')).toMatchObject({
      calls: [{ call: 3 }, { call: 2 }, { call: 1 }],
    });
    expect(await run(all, 'history', { limit: 1, before: 3 })).toMatchObject({
      calls: [{ call: 2 }],
    });
    expect(await run(all, 'events', { since: 5 })).toEqual({ events: [], last: 0, missed: 0 });
  });

  it('switches and register reach the agent', async () => {
    const account = { uri: 'sip:car@example.org', registrar: 'sip:example.org' };
    const all = await startedBench({ account });
    await run(all, 'do-not-disturb', { on: true });
    await run(all, 'auto-answer', { on: true });
    await run(all, 'register');
    await run(all, 'mute-microphone', { on: true });
    await run(all, 'mute-picture', { on: true });
    expect(all.agent.switches).toEqual({
      doNotDisturb: true,
      autoAnswer: true,
      microphoneMuted: true,
      pictureMuted: true,
    });
    expect(all.userAgent.registrations[0]?.refreshed).toBe(1);
  });

  it('still keeps what the camera sees by that name, where there is a folder for it', async () => {
    const kept: unknown[] = [];
    const stillKeeper: StillKeeper = {
      keep: async (name, { jpeg, width, height }) => {
        kept.push(name);
        return { path: `/x/${name}.jpg`, bytes: jpeg.length, width, height };
      },
    };
    const all = await startedBench({}, { stillKeeper });
    const reply = { path: '/x/door.jpg', bytes: 4, width: 1280, height: 720 };
    expect(await run(all, 'still', { name: 'door' })).toEqual(reply);
    expect(await run(all, 'still')).toMatchObject({ path: '/x/still.jpg' });
    all.engine.setCamera('idle');
    all.clock.advance(1000);
    await expect(run(all, 'still', { name: 'no' })).rejects.toMatchObject({
      refusal: 'no-resource',
    });
    expect(kept).toEqual(['door', 'still']);
    await expect(run(await startedBench(), 'still')).rejects.toMatchObject({
      refusal: 'wrong-state',
      message: 'no folder for stills: set state.directory',
    });
  });

  it('the phone book goes out to a file of cards and comes in again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dashvoip-cards-'));
    const file = join(folder, 'all.vcf');
    const all = await startedBench({ account: { uri: 'sip:car@example.org' } });
    await run(all, 'phone-book add', { name: 'Home', number: '02-1', short: '1' });
    await run(all, 'phone-book add', { name: 'Office', number: 'sip:office@example.org' });
    expect(await run(all, 'phone-book export', { file })).toEqual({ contacts: 2 });
    await run(all, 'phone-book remove', { name: '1' });
    expect(await run(all, 'phone-book list')).toMatchObject({ contacts: [{ name: 'Office' }] });
    expect(await run(all, 'phone-book import', { file })).toEqual({
      ...{ added: 1, changed: 0, skipped: 0 },
    });
    expect(await run(all, 'phone-book list', { search: 'home' })).toEqual({
      contacts: [{ name: 'Home', numbers: ['02-1'], short: '1' }],
    });
    expect(await run(all, 'dial-plan', { number: '1' })).toEqual({
      uri: 'sip:021@example.org',
      contact: 'Home',
      steps: ['phone book: Home, 02-1'],
    });
    writeFileSync(file, 'no cards');
    for (const [name, path, reason] of [
      ['import', file, `${file} cannot be read: it has no vCard: expected BEGIN:VCARD`],
      ['import', join(folder, 'no.vcf'), 'ENOENT'],
      ['export', join(folder, 'no', 'all.vcf'), 'ENOENT'],
    ]) {
      await expect(run(all, `phone-book ${name}`, { file: path })).rejects.toMatchObject({
        refusal: 'no-resource',
        message: expect.stringContaining(reason ?? ''),
      });
    }
    rmSync(folder, { recursive: true });
  });

  it('the configuration is set and loaded anew, and what came of it told', async () => {
    const all = await startedBench();
    const asked: unknown[] = [];
    const configuration = {
      ...controlOf(all).configuration,
      set: (...what: unknown[]) => {
        asked.push(what);
        return { applied: ['a'], restart: ['b'], reopened: ['mqtt' as const] };
      },
      reload: () => ({ applied: [], restart: ['c'], reopened: [] }),
    };
    const told = (name: string, param?: object): unknown => {
      const prepared = commandOf(name).prepare(param);
      if ('problems' in prepared) throw new Error(prepared.problems.map(problemText).join());
      return prepared.run({ ...controlOf(all), configuration });
    };
    expect(await told('config set', { path: 'a', value: null })).toEqual({
      applied: ['a'],
      restart: ['b'],
      reopened: ['mqtt'],
    });
    expect(asked).toEqual([['a', null]]);
    expect(await told('config reload')).toEqual({
      ...{ applied: [], restart: ['c'], reopened: [] },
    });
  });

  it('the configuration is asked, and refuses in the parameter’s name', async () => {
    const all = await startedBench();
    expect(await run(all, 'config get', { path: 'sip.port' })).toEqual({ value: 5060 });
    expect(await run(all, 'config check', { config: 5 })).toEqual({
      problems: [{ path: '', found: '5', expected: 'an object' }],
    });
  });
});

describe('position', () => {
  it('tells where the car is, all of it or nothing', async () => {
    const all = await startedBench();
    expect(await run(all, 'position')).toEqual({});
    const place = { latitude: -33.86, longitude: 151.2, accuracy: 5 };
    expect(await run(all, 'position', place)).toMatchObject({ position: { ...place, ageS: 0 } });
    await expect(run(all, 'position', { latitude: 1 })).rejects.toThrow('longitude: found nothing');
    await expect(run(all, 'position', { speed: 1 })).rejects.toThrow('latitude: found nothing');
    expect(await run(all, 'position')).toMatchObject({ position: place });
  });

  it('is a place on earth, at a time', () => {
    expect(wrong('position', { latitude: 91, longitude: 0 })).toHaveLength(1);
    expect(wrong('position', { latitude: 0, longitude: 0, time: '2026-13-01T00:00:00Z' })).toEqual([
      'time: found "2026-13-01T00:00:00Z", expected a time as "2026-11-27T06:30:00Z"',
    ]);
  });
});
