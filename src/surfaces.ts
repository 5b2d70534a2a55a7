import { dirname, join, resolve } from 'node:path';
import { brokerAddress, type Config, configSchema, servesCommands } from './config';
import {
  COMMANDS,
  type Control,
  carryOut,
  commandRequestReader,
  type Surface,
  type SurfaceOptions,
} from './control';
import type { WebOptions } from './control/web';
import { type Logger, systemClock } from './platform';

/** Opens the ways in that are configured, each from a file that is loaded for it alone. None keeps the telephone from working. */
export async function openSurfaces(
  config: Config,
  configFile: string | undefined,
  control: Control,
  log: Logger,
): Promise<Surface[]> {
  const options = (area: string): SurfaceOptions => ({
    ...{ control, commands: COMMANDS, carryOut },
    log: log.area(area),
  });
  const place = (path: string): string => placeOf(path, configFile);
  const opened = [
    ...(config.mqtt
      ? [opening('mqtt', openBroker(config.mqtt, config, options('mqtt'), place), log)]
      : []),
    ...(config.web
      ? [opening('web', openPage(config, config.web, options('web'), place), log)]
      : []),
  ];
  return (await Promise.all(opened)).flat();
}

/** Paths are relative to the configuration file. */
export function placeOf(path: string, configFile: string | undefined): string {
  return resolve(configFile === undefined ? '.' : dirname(configFile), path);
}

async function openBroker(
  mqtt: NonNullable<Config['mqtt']>,
  { state }: Config,
  options: SurfaceOptions,
  place: (path: string) => string,
): Promise<Surface> {
  const { caFile, certFile, keyFile } = mqtt;
  const broker = brokerAddress(mqtt.url);
  if (!broker) throw new Error(`${mqtt.url} is no URL of a broker`);
  const since = systemClock.wallTime().toISOString();
  options.control.surfaces.mqtt = () => ({
    ...{ broker: mqtt.url, connected: false, since },
    detail: 'dashvoip-mqtt.cjs cannot be loaded; the log says why',
    ...{ waiting: 0, dropped: 0, commands: 0, refused: 0 },
  });
  const { openMqtt } = await import('./control/mqtt');
  const readRequest = commandRequestReader(COMMANDS);
  return openMqtt(
    { ...options, readRequest },
    {
      ...{ ...mqtt, broker, servesCommands: servesCommands(mqtt) },
      ...(caFile === undefined ? {} : { caFile: place(caFile) }),
      ...(certFile === undefined ? {} : { certFile: place(certFile) }),
      ...(keyFile === undefined ? {} : { keyFile: place(keyFile) }),
      ...(state.directory === undefined ? {} : { directory: place(state.directory) }),
    },
  );
}

/** JSON Schema of the configuration file, made by what the web page makes its form of. */
export async function configurationSchema(): Promise<object> {
  const { jsonSchemaOf } = await import('./control/web');
  return jsonSchemaOf(configSchema);
}

type WebConfig = NonNullable<Config['web']>;

async function openPage(
  { state: { directory = '' } }: Config,
  { address, port, name, passwordFile, tls }: WebConfig,
  options: SurfaceOptions,
  place: (path: string) => string,
): Promise<Surface> {
  options.control.surfaces.web = () => ({
    ...{ address, port, detail: 'dashvoip-web.cjs cannot be loaded; the log says why' },
    ...{ encrypted: (tls?.kind ?? 'none') !== 'none', needsPassword: passwordFile !== undefined },
    ...{ sessions: 0, streams: 0, droppedStreams: 0, requests: 0 },
    ...{ logins: 0, refusedLogins: 0, foreign: 0, malformed: 0 },
  });
  const { openWeb } = await import('./control/web');
  return openWeb({
    ...options,
    ...{ address, port, configurationSchema: configSchema },
    ...(name === undefined ? {} : { name }),
    ...(passwordFile === undefined ? {} : { passwordFile: place(passwordFile) }),
    tls: encryption(tls, place, directory),
    pageFolder: besideBundle('page'),
  });
}

function encryption(
  tls: WebConfig['tls'],
  place: (path: string) => string,
  directory: string,
): WebOptions['tls'] {
  switch (tls?.kind) {
    case 'self-made':
      return { kind: 'self-made', directory: place(directory) };
    case 'file': {
      const { certificateFile, keyFile } = tls;
      return { kind: 'file', certificateFile: place(certificateFile), keyFile: place(keyFile) };
    }
    case 'none':
    case undefined:
      return { kind: 'none' };
  }
}

async function opening(name: string, surface: Promise<Surface>, log: Logger): Promise<Surface[]> {
  try {
    return [await surface];
  } catch (error) {
    log.area(name).error('cannot be had', {
      error: error instanceof Error ? error.message : String(error),
    });
    return [];
  }
}

/** In a checkout the bundle's folder is dist/. */
function besideBundle(name: string): string {
  return typeof __dirname === 'string' ? join(__dirname, name) : resolve('dist', name);
}
