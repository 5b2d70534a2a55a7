import { toJsonSchema } from '@valibot/to-json-schema';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../src/config';
import { newProblems, problemsAt, problemsInWords } from '../../src/page/forms/problems';
import { controlFor, entriesOf, type JsonSchema } from '../../src/page/forms/schema';
import { titleOf } from '../../src/page/forms/titles';
import { changesBetween, isSame, withoutEmpty, withValueAt } from '../../src/page/forms/value';

const configuration = toJsonSchema(configSchema, {
  errorMode: 'ignore',
  target: 'draft-07',
  typeMode: 'input',
}) as JsonSchema;

/** Every control of a schema, by its path. */
function controlsIn(schema: JsonSchema, path = ''): (readonly [string, string])[] {
  const control = controlFor(schema);
  if (control.kind !== 'section') return [[path, control.kind]];
  return control.entries.flatMap(({ name, schema: inner }) =>
    controlsIn(inner, path === '' ? name : `${path}.${name}`),
  );
}

describe('the form of the configuration', () => {
  const controls = new Map(controlsIn(configuration));

  it('has a control of its own for every setting but lists of sections, which are JSON', () => {
    expect(controls.size).toBeGreaterThan(30);
    expect([...controls].filter(([, kind]) => kind === 'json').map(([path]) => path)).toEqual([
      'accounts',
      'media.ice.servers',
      'dialPlan.rules',
    ]);
    expect(controls.get('sip.port')).toBe('number');
    expect(controls.get('policy.autoAnswer')).toBe('flag');
    expect(controls.get('log.level')).toBe('choice');
    expect(controls.get('media.codecs')).toBe('selection');
    expect(controls.get('media.rtpPorts')).toBe('tuple');
    expect(controls.get('media.microphone')).toBe('variant');
    expect(controls.get('policy.autoAnswerFrom')).toBe('lines');
    expect(controls.get('account.displayName')).toBe('text');
  });

  it('shows no secret', () => {
    expect([...controls.keys()]).not.toContain('account.password');
    expect([...controls.keys()]).not.toContain('control.key');
    expect([...controls.keys()]).toContain('account.passwordFile');
  });

  it('marks what is required', () => {
    const account = configuration.properties?.account ?? {};
    expect(
      entriesOf(account)
        .filter(({ required }) => required)
        .map(({ name }) => name),
    ).toEqual(['uri']);
  });

  it('knows a variant by what tells it apart', () => {
    const control = controlFor(configuration.properties?.media?.properties?.speaker ?? {});
    if (control.kind !== 'variant') throw new Error(`the speaker is a ${control.kind}`);
    expect(control.key).toBe('kind');
    expect(
      control.options.map(({ name, entries }) => [name, entries.map((entry) => entry.name)]),
    ).toEqual([
      ['camera', []],
      ['alsa', ['device']],
      ['file', ['path']],
      ['null', []],
    ]);
  });
});

describe('what is changed in a form', () => {
  const before = { sip: { port: 5060 }, media: { speaker: { kind: 'camera' }, codecs: ['PCMA'] } };

  it('is told by setting, a list and a variant as a whole', () => {
    const after = {
      ...before,
      media: { speaker: { kind: 'alsa', device: 'hw:0' }, codecs: ['PCMU', 'PCMA'] },
      account: { uri: 'sip:a@b' },
    };
    expect(changesBetween(configuration, before, after)).toEqual([
      { path: 'account.uri', value: 'sip:a@b' },
      { path: 'media.speaker', value: { kind: 'alsa', device: 'hw:0' } },
      { path: 'media.codecs', value: ['PCMU', 'PCMA'] },
    ]);
    expect(changesBetween(configuration, before, before)).toEqual([]);
  });

  it('takes out what was emptied', () => {
    const after = withValueAt(before, ['sip', 'port'], undefined);
    expect(changesBetween(configuration, before, after)).toEqual([
      { path: 'sip.port', value: null },
    ]);
  });

  it('is put in its place, and leaves the rest as it stands', () => {
    expect(withValueAt(before, ['sip', 'port'], 1)).toEqual({ ...before, sip: { port: 1 } });
    expect(withValueAt(undefined, ['a', 'b'], 1)).toEqual({ a: { b: 1 } });
    expect(Object.keys(withValueAt({ a: 1, b: 2 }, ['a'], 3) as object)).toEqual(['a', 'b']);
    expect(before.sip.port).toBe(5060);
  });

  it('is not what only looks otherwise', () => {
    expect(isSame({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })).toBe(true);
    expect(isSame([1], [1, 2])).toBe(false);
    expect(isSame({ a: 1 }, { b: 1 })).toBe(false);
    expect(isSame(null, {})).toBe(false);
  });

  it('is sent without what was left empty', () => {
    expect(withoutEmpty({ a: '', b: undefined, c: 0, d: { e: '' }, f: false })).toEqual({
      c: 0,
      d: {},
      f: false,
    });
  });
});

describe('problems', () => {
  const problem = (path: string) => ({ path, found: '1', expected: '2' });

  it('stand at their field, those of an item at its list', () => {
    const all = [problem('media.rtpPorts[1]'), problem('media.rtp'), problem('media.speaker.path')];
    expect(problemsAt(all, 'media.rtpPorts')).toEqual([all[0]]);
    expect(problemsAt(all, 'media.speaker')).toEqual([all[2]]);
    expect(problemsAt(all, 'media.rtp')).toEqual([all[1]]);
  });

  it('that were there before are no news', () => {
    expect(newProblems([problem('a')], [problem('a'), problem('b')])).toEqual([problem('b')]);
  });

  it('are found in the words of a refusal', () => {
    expect(
      problemsInWords(
        'dashvoip.json: sip.port: found 5060, expected another port than control.port',
      ),
    ).toEqual([{ path: 'sip.port', found: '5060', expected: 'another port than control.port' }]);
    expect(problemsInWords('the disk is full')).toEqual([]);
  });
});

describe('the title of a field', () => {
  it('is its name as people write it', () => {
    expect(
      [
        'rtpPorts',
        'sip',
        'jitterBufferMaxMs',
        'do-not-disturb',
        'config get',
        'uri',
        'audioDscp',
      ].map(titleOf),
    ).toEqual([
      'RTP ports',
      'SIP',
      'Jitter buffer max (ms)',
      'Do not disturb',
      'Config get',
      'URI',
      'Audio DSCP',
    ]);
  });
});
