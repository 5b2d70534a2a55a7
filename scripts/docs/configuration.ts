import { checkConfig, configSchema, NEWEST_VERSION } from '../../src/config';
import { alternativesOf, describeField, entriesOf, type Schema } from '../../src/schema';
import { code, GENERATED, page, table } from './markdown';

/** A whole configuration of a camera at a PBX; checked here, so that the page cannot lie. */
const EXAMPLE = {
  account: {
    uri: 'sip:car-17@example.org',
    displayName: 'Car 17',
    registrar: 'sip:example.org',
    username: 'car-17',
    passwordFile: '/pref/dashvoip.secret',
  },
  media: { codecs: ['PCMU', 'PCMA'], rtpPorts: [30000, 30099] },
  policy: { autoAnswer: true, autoAnswerFrom: ['sip:dispatch@example.org'] },
};

/** docs/reference/configuration.md */
export function configurationReference(): string {
  checkConfig(EXAMPLE, 'example');
  const sections = Object.entries(entriesOf(configSchema, {}) ?? {});
  return page(
    '# Configuration reference',
    '',
    GENERATED,
    '',
    'One JSON file, given to `dashvoip run --config FILE`. Every setting has a default or may be left out, so `{}` is a',
    'whole configuration. An unknown key is an error, and all problems of a file are named at once, each with its path,',
    'what was found and what was expected.',
    '',
    '```json',
    JSON.stringify(EXAMPLE, undefined, 2),
    '```',
    '',
    `A key \`version\` says which version of the keys the others are; without it they are of the first, and ${NEWEST_VERSION} is the newest.`,
    'A file of a former version is read in its own keys, which the log and the status tell; with the first setting by `dashvoip config set`',
    'it is written in today’s, and kept as it was beside it (as `FILE.v1`). A file of a version to come is refused.',
    '',
    'The password is best kept in a file of its own, readable by the agent alone. It is never logged or shown.',
    ...sections.flatMap(([name, schema]) => sectionLines(name, schema)),
  );
}

function sectionLines(name: string, schema: Schema): string[] {
  const { description } = describeField(schema);
  const entries = Object.entries(entriesOf(schema, {}) ?? {});
  const head = ['', `## ${name}`, '', description];
  // A list has the keys of what its description names.
  if (entries.length === 0) return head;
  return [
    ...head,
    '',
    ...table(
      ['setting', 'expected', 'default', 'meaning'],
      entries.map(([key, setting]) => row(`${name}.${key}`, setting)),
    ),
    ...entries.flatMap(([key, setting]) => alternativeLines(`${name}.${key}`, setting)),
  ];
}

function row(path: string, schema: Schema): string[] {
  const { expected, description, optional, defaultValue } = describeField(schema);
  const standard =
    defaultValue === undefined ? (optional ? '' : 'required') : JSON.stringify(defaultValue);
  return [code(path), expected, optional ? code(standard) : standard, description];
}

function alternativeLines(path: string, schema: Schema): string[] {
  const alternatives = alternativesOf(schema);
  if (alternatives.length === 0) return [];
  return [
    '',
    `### ${path}`,
    '',
    ...table(
      ['kind', 'further keys', 'meaning'],
      alternatives.map(({ kind, ...others }) => {
        const { expected = '', description = '' } = kind ? describeField(kind) : {};
        const keys = Object.entries(others).map(
          ([key, inner]) => `${code(key)}: ${describeField(inner).expected}`,
        );
        return [code(expected), keys.join('; '), description];
      }),
    ),
  ];
}
