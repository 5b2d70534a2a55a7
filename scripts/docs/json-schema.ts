import { resolve } from 'node:path';
import { createGenerator } from 'ts-json-schema-generator';
import { configSchema, NEWEST_VERSION } from '../../src/config';
import {
  COMMAND_MESSAGES,
  COMMANDS,
  type Command,
  commandRequestSchema,
  NOTIFICATIONS,
  RVAL,
} from '../../src/control';
import { jsonSchemaOf } from '../../src/control/web';
import type { Schema } from '../../src/schema';

type Json = Readonly<Record<string, unknown>>;

/** docs/reference/dashvoip.schema.json: what programs send and get by UDP and MQTT, and the configuration (JSON Schema, draft 7). */
export function jsonSchemaReference(): string {
  const types = [
    ...COMMAND_MESSAGES.flatMap(({ command }) =>
      command.replySchema ? typesIn(command.replySchema) : [],
    ),
    ...Object.values(NOTIFICATIONS).flatMap(({ typescript }) => typescript ?? []),
  ];
  const definitions = {
    ...definitionsOf([...new Set(types), 'Failure']),
    ...Object.fromEntries(COMMAND_MESSAGES.flatMap(commandDefinitions)),
    ...Object.fromEntries(
      Object.entries(NOTIFICATIONS).map(([type, { summary, typescript }]) => [
        `voip_${type}`,
        notificationDefinition(type, summary, typescript),
      ]),
    ),
    ...mqttDefinitions(),
    configuration: configurationDefinition(),
  };
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'dashvoip: datagrams of the command server, payloads of MQTT, and the configuration',
    $comment: 'Made by scripts/docs from the declarations in src/.',
    anyOf: Object.keys(definitions)
      .filter((name) => /\.(request|reply|response|event)$|^voip_/.test(name))
      .map((name) => ({ $ref: `#/definitions/${name}` })),
    definitions,
  };
  return `${JSON.stringify(schema, null, 1)}\n`;
}

/** The settings, and which version of their keys it is. */
function configurationDefinition(): Json {
  const { properties, ...others } = converted(configSchema);
  const version = { type: 'integer', minimum: 1, maximum: NEWEST_VERSION };
  return {
    ...others,
    description: 'The configuration file.',
    properties: { version, ...Object(properties) },
  };
}

function commandDefinitions({ id, name, command }: (typeof COMMAND_MESSAGES)[number]) {
  const { schema, replySchema, summary } = command;
  const param = converted(schema);
  const isNeeded = Array.isArray(param.required) && param.required.length > 0;
  const request = {
    description: summary,
    type: 'object',
    properties: {
      msg_id: { const: id },
      token: { type: 'integer' },
      id: { type: ['integer', 'string'] },
      page: { type: 'integer', minimum: 1 },
      param,
    },
    required: ['msg_id', 'token', ...(isNeeded ? ['param'] : [])],
  };
  const reply = {
    type: 'object',
    properties: {
      msg_id: { const: id },
      rval: { enum: Object.values(RVAL) },
      id: { type: ['integer', 'string'] },
      ...(replySchema ? { param: converted(replySchema) } : {}),
      reason: { type: 'string' },
    },
    required: ['msg_id', 'rval'],
  };
  return [
    [`${name}.request`, request],
    [`${name}.reply`, reply],
  ] as const;
}

function notificationDefinition(type: string, summary: string, typescript?: string): Json {
  return {
    description: summary,
    type: 'object',
    properties: {
      msg_id: { const: 7 },
      type: { const: `voip_${type}` },
      number: { type: 'integer', minimum: 1 },
      ...(typescript ? { param: { $ref: `#/definitions/${typescript}` } } : {}),
    },
    required: ['msg_id', 'type', ...(typescript ? ['param'] : [])],
  };
}

/** What goes to the topics `command`, `response` and `event`. */
function mqttDefinitions(): Json {
  const { id, sent } = Object(converted(commandRequestSchema(COMMANDS)).properties);
  return {
    'mqtt.request': {
      description: 'A command, as it is sent to the topic `command`.',
      anyOf: COMMANDS.map((command) => mqttRequest(command, { id, sent })),
    },
    'mqtt.response': {
      description: 'What a command came to, as it is told at the topic `response`.',
      anyOf: [...COMMANDS.map((command) => mqttResponse(command, { id })), mqttFailure({ id })],
    },
    'mqtt.event': {
      description: 'What happened, as it is told at the topic `event`.',
      anyOf: Object.entries(NOTIFICATIONS).flatMap(([type, { passes, typescript }]) =>
        passes ? [] : [mqttEvent(type, typescript)],
      ),
    },
  };
}

function mqttRequest({ name, summary, schema }: Command, marks: Json): Json {
  const param = converted(schema);
  const isNeeded = Array.isArray(param.required) && param.required.length > 0;
  return {
    description: summary,
    type: 'object',
    properties: { command: { const: name }, param, ...marks },
    required: ['command', ...(isNeeded ? ['param'] : [])],
    additionalProperties: false,
  };
}

function mqttResponse({ name, replySchema }: Command, marks: Json): Json {
  return {
    type: 'object',
    properties: {
      ...{ command: { const: name }, ...marks, ok: { const: true } },
      ...(replySchema ? { reply: converted(replySchema) } : {}),
    },
    required: ['command', 'ok', ...(replySchema ? ['reply'] : [])],
  };
}

/** A request that could not be read has no marks to repeat. */
function mqttFailure(marks: Json): Json {
  return {
    allOf: [{ $ref: '#/definitions/Failure' }],
    properties: { command: { type: 'string' }, ...marks },
  };
}

function mqttEvent(type: string, typescript: string | undefined): Json {
  return {
    type: 'object',
    properties: {
      run: { description: 'Of the agent; numbers begin anew with each.', type: 'string' },
      number: { description: 'A gap is what was missed.', type: 'integer', minimum: 1 },
      at: { description: 'Civil time, ISO 8601.', type: 'string' },
      type: { const: type },
      ...(typescript ? { param: { $ref: `#/definitions/${typescript}` } } : {}),
      dropped: { description: 'Events that gave way so far.', type: 'integer', minimum: 0 },
    },
    // A `param` that is very long is left out.
    required: ['run', 'number', 'at', 'type', 'dropped'],
  };
}

/** A schema of ours; where it names an interface, a reference to that one's definition. */
function converted(schema: Schema): Json {
  return JSON.parse(JSON.stringify(jsonSchemaOf(schema)), (key, value: unknown) => {
    // Ours, for people.
    if (key === 'expected') return undefined;
    if (typeof value !== 'object' || value === null || !('typescript' in value)) return value;
    return { $ref: `#/definitions/${value.typescript}` };
  });
}

/** The exported types that a reply's schema names. */
function typesIn(schema: Schema): string[] {
  const names: string[] = [];
  JSON.stringify(converted(schema), (key, value) => {
    if (key === '$ref' && typeof value === 'string') names.push(value.replace(/^.*\//, ''));
    return value;
  });
  return names;
}

/** JSON Schema of exported types, and of what they are made of. */
function definitionsOf(types: readonly string[]): Json {
  const root = resolve(import.meta.dirname, '../..');
  const generator = createGenerator({
    path: resolve(root, 'src/control/{index,mqtt/index}.ts'),
    tsconfig: resolve(root, 'tsconfig.json'),
    type: '*',
    skipTypeCheck: true,
    additionalProperties: true,
    topRef: false,
  });
  return Object.assign(
    {},
    ...types.map((type) => {
      const { definitions = {}, $schema: _, ...own } = generator.createSchema(type);
      return { ...definitions, [type]: own };
    }),
  );
}
