import { join, resolve } from 'node:path';
import { brokerAddress, type Config, configSchema, placeOf, servesCommands } from './config';
import {
  COMMANDS,
  type Control,
  carryOut,
  commandRequestReader,
  type Surface,
  type SurfaceOptions,
} from './control';
import type { WebOptions } from './control/web';
import type { Follow } from './live-configuration';
import type { Logger } from './platform';
import { WayIn } from './way-in';

/** What is opened while the agent runs takes what is in force since its start from here. */
export interface SurfacePlace {
  readonly configFile: string | undefined;
  /** Where what outlives the process lies; absolute. */
  readonly directory: string | undefined;
}

/** The ways in that are configured, each from a file that is loaded for it alone. None keeps the telephone from working. */
export class Surfaces {
  readonly #place: SurfacePlace;
  readonly #control: Control;
  readonly #log: Logger;
  readonly #mqtt: WayIn;
  readonly #web: WayIn;

  constructor(place: SurfacePlace, control: Control, log: Logger) {
    this.#place = place;
    this.#control = control;
    this.#log = log;
    this.#mqtt = new WayIn('mqtt', control, log.area('mqtt'));
    this.#web = new WayIn('web', control, log.area('web'));
  }

  /** Resolves when each has been tried. */
  async open({ mqtt, web }: Config): Promise<void> {
    await Promise.all([
      this.#mqtt.open(mqtt && (() => this.#openBroker(mqtt))),
      this.#web.open(web && (() => this.#openPage(web))),
    ]);
  }

  /** Opens, closes or opens anew what a changed configuration says; calls go on. */
  readonly follow: Follow = ({ mqtt, web }, isChanged) => {
    const hasDirectory = web?.tls?.kind !== 'self-made' || this.#place.directory !== undefined;
    const [follows, followsWeb] = [isChanged('mqtt'), isChanged('web') && hasDirectory];
    if (follows) this.#mqtt.openAnew(mqtt && (() => this.#openBroker(mqtt)));
    if (followsWeb) this.#web.openAnew(web && (() => this.#openPage(web)));
    return [...(follows ? ['mqtt'] : []), ...(followsWeb ? ['web'] : [])];
  };

  async close(): Promise<void> {
    await Promise.all([this.#mqtt.close(), this.#web.close()]);
  }

  async #openBroker(mqtt: NonNullable<Config['mqtt']>): Promise<Surface> {
    const { caFile, certFile, keyFile } = mqtt;
    const { directory } = this.#place;
    const broker = brokerAddress(mqtt.url);
    if (!broker) throw new Error(`${mqtt.url} is no URL of a broker`);
    const since = this.#control.clock.wallTime().toISOString();
    this.#control.surfaces.mqtt = () => ({
      ...{ broker: mqtt.url, connected: false, since },
      detail: 'dashvoip-mqtt.cjs cannot be loaded; the log says why',
      ...{ waiting: 0, dropped: 0, commands: 0, refused: 0 },
    });
    const { openMqtt } = await import('./control/mqtt');
    const readRequest = commandRequestReader(COMMANDS);
    return openMqtt(
      { ...this.#options('mqtt'), readRequest },
      {
        ...{ ...mqtt, broker, servesCommands: servesCommands(mqtt) },
        ...(caFile === undefined ? {} : { caFile: this.#pathOf(caFile) }),
        ...(certFile === undefined ? {} : { certFile: this.#pathOf(certFile) }),
        ...(keyFile === undefined ? {} : { keyFile: this.#pathOf(keyFile) }),
        ...(directory === undefined ? {} : { directory }),
      },
    );
  }

  async #openPage({ address, port, name, passwordFile, tls }: WebConfig): Promise<Surface> {
    this.#control.surfaces.web = () => ({
      ...{ address, port, detail: 'dashvoip-web.cjs cannot be loaded; the log says why' },
      ...{ encrypted: (tls?.kind ?? 'none') !== 'none', needsPassword: passwordFile !== undefined },
      ...{ sessions: 0, invitations: 0, guests: 0, streams: 0, droppedStreams: 0, requests: 0 },
      ...{ logins: 0, refusedLogins: 0, foreign: 0, malformed: 0 },
    });
    const { openWeb } = await import('./control/web');
    return openWeb({
      ...this.#options('web'),
      ...{ address, port, configurationSchema: configSchema },
      ...(name === undefined ? {} : { name }),
      ...(passwordFile === undefined ? {} : { passwordFile: this.#pathOf(passwordFile) }),
      tls: this.#encryption(tls),
      ...(this.#place.directory === undefined ? {} : { directory: this.#place.directory }),
      pageFolder: besideBundle('page'),
    });
  }

  #options(area: string): SurfaceOptions {
    return {
      ...{ control: this.#control, commands: COMMANDS, carryOut },
      log: this.#log.area(area),
    };
  }

  #encryption(tls: WebConfig['tls']): WebOptions['tls'] {
    switch (tls?.kind) {
      case 'self-made':
        return { kind: 'self-made', directory: this.#place.directory ?? '' };
      case 'file': {
        const { certificateFile, keyFile } = tls;
        return {
          kind: 'file',
          certificateFile: this.#pathOf(certificateFile),
          keyFile: this.#pathOf(keyFile),
        };
      }
      case 'none':
      case undefined:
        return { kind: 'none' };
    }
  }

  #pathOf(named: string): string {
    return placeOf(named, this.#place.configFile);
  }
}

type WebConfig = NonNullable<Config['web']>;

/** In a checkout the bundle's folder is dist/. */
function besideBundle(name: string): string {
  return typeof __dirname === 'string' ? join(__dirname, name) : resolve('dist', name);
}
