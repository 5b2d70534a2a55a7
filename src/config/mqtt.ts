import * as v from 'valibot';
import { isLoopback } from '../platform';
import { choice, field, flag, path, secretText, text } from '../schema';
import { ONE_PASSWORD } from './kinds';

/** A user or a password in it would be shown wherever the URL is. */
const BROKER_URL =
  /^(?<scheme>mqtts?):\/\/(?<host>\[[\da-f:.]+\]|[a-z\d](?:[a-z\d._-]{0,252}))(?::(?<port>\d{1,5}))?\/?$/i;

/** Where a broker is, from its URL. */
export interface BrokerAddress {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
}

/** @returns undefined for what is no URL of a broker. */
export function brokerAddress(url: string): BrokerAddress | undefined {
  const { scheme, host, port } = BROKER_URL.exec(url)?.groups ?? {};
  if (scheme === undefined || host === undefined) return undefined;
  const secure = scheme.toLowerCase() === 'mqtts';
  const number = port === undefined ? (secure ? 8883 : 1883) : Number(port);
  if (number < 1 || number > 65_535) return undefined;
  return { secure, host: host.replace(/^\[|\]$/g, ''), port: number };
}

/** Whether the broker runs on this machine, so that nobody listens on the way. */
export function isOnThisMachine({ host }: Pick<BrokerAddress, 'host'>): boolean {
  return host === 'localhost' || isLoopback(host);
}

const isSecure = (url: string): boolean => brokerAddress(url)?.secure ?? true;

const BESIDE_TLS = 'a URL that begins with mqtts: beside it';

const fields = v.object({
  url: field(
    v.pipe(
      v.string(),
      v.check((url) => brokerAddress(url) !== undefined),
    ),
    'a URL as "mqtts://broker.example.org" or "mqtt://127.0.0.1:1883", without a user in it',
    'The broker. `mqtts:` is TLS (port 8883), `mqtt:` is not (port 1883).',
  ),
  device: field(
    v.pipe(v.string(), v.regex(/^[A-Za-z\d_-]{1,64}$/)),
    'an id of 1 to 64 letters, digits, - and _, as "car-17"',
    'Which camera this is: all topics begin with `dashvoip/` and this, and the client id is `dashvoip-` and this. No two cameras at a broker have the same.',
  ),
  version: v.optional(choice(['5', '3.1.1'], 'The protocol’s version.'), '5'),
  username: v.exactOptional(text('a name', 'Name at the broker.')),
  password: v.exactOptional(
    secretText('a password', 'Password at the broker; better kept in a file.'),
  ),
  passwordFile: v.exactOptional(
    path('File whose first line is the password; relative to the configuration file.'),
  ),
  caFile: v.exactOptional(
    path(
      'Certificates (PEM) of who may have signed the broker’s. Without it those that Node brings; what is expected is checked either way. This and the next two are relative to the configuration file, and read anew at each connection.',
    ),
  ),
  certFile: v.exactOptional(path('Certificate (PEM) that this client shows.')),
  keyFile: v.exactOptional(path('Its private key (PEM, without a passphrase).')),
  homeAssistant: v.optional(
    flag(
      'Tell Home Assistant what there is (`homeassistant/device/dashvoip-DEVICE/config`), so that it shows the camera by itself.',
    ),
    false,
  ),
});

/** The section of an MQTT broker; without one nothing of MQTT is loaded. */
export const mqttSection = v.pipe(
  fields,
  v.forward(
    v.partialCheck([['password'], ['passwordFile']], ONE_PASSWORD.isRight, ONE_PASSWORD.expected),
    ['passwordFile'],
  ),
  v.forward(
    v.partialCheck(
      [['username'], ['password'], ['passwordFile']],
      ({ username, password, passwordFile }) =>
        username !== undefined || (password === undefined && passwordFile === undefined),
      'a name beside the password',
    ),
    ['username'],
  ),
  v.forward(
    v.partialCheck(
      [['certFile'], ['keyFile']],
      ({ certFile, keyFile }) => certFile === undefined || keyFile !== undefined,
      'the private key of certFile beside it',
    ),
    ['keyFile'],
  ),
  v.forward(
    v.partialCheck(
      [['certFile'], ['keyFile']],
      ({ certFile, keyFile }) => keyFile === undefined || certFile !== undefined,
      'the certificate of keyFile beside it',
    ),
    ['certFile'],
  ),
  v.forward(
    v.partialCheck(
      [['url'], ['caFile']],
      ({ url, caFile }) => caFile === undefined || isSecure(url),
      BESIDE_TLS,
    ),
    ['caFile'],
  ),
  v.forward(
    v.partialCheck(
      [['url'], ['certFile']],
      ({ url, certFile }) => certFile === undefined || isSecure(url),
      BESIDE_TLS,
    ),
    ['certFile'],
  ),
  v.metadata({ expected: 'an object with at least "url" and "device"' }),
  v.description(
    'An MQTT broker that is told what happens and passes commands on, as docs/mqtt.md tells. Without it nothing of MQTT is loaded.',
  ),
);

export type MqttConfig = v.InferOutput<typeof mqttSection>;

/** Who may publish commands is the broker's to know: on another machine it must know whom it lets in. */
export function servesCommands({ url, username, certFile }: MqttConfig): boolean {
  const broker = brokerAddress(url);
  const isKnown = username !== undefined || certFile !== undefined;
  return isKnown || broker === undefined || isOnThisMachine(broker);
}

/** What may be meant as it stands and is better known. */
export function mqttWarnings(mqtt: MqttConfig): string[] {
  const broker = brokerAddress(mqtt.url);
  if (!broker || isOnThisMachine(broker)) return [];
  const password = mqtt.username === undefined ? '' : ' the password and';
  return [
    ...(broker.secure
      ? []
      : [
          `mqtt.url is plain TCP to another machine: whoever listens on the way reads${password} all that is told, and can send commands; use mqtts:`,
        ]),
    ...(servesCommands(mqtt)
      ? []
      : [
          'mqtt: the broker is on another machine and lets in whoever comes (no mqtt.username, no mqtt.certFile): no command is taken from it',
        ]),
  ];
}
