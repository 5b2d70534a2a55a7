import { readFile } from 'node:fs/promises';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';
import { type IClientOptions, type IPublishPacket, MqttClient } from 'mqtt';
import type { Arrival, Connect, Connection, ConnectionSecurity, Message } from './broker';
import { failureInWords, reasonInWords } from './failure';
import type { MqttSettings } from './settings';
import { topicsOf } from './topics';

const KEEP_ALIVE_S = 30;
const CONNECT_MS = 10_000;
/** A good-bye that takes longer is not waited for, ms. */
const CLOSE_MS = 300;
/** No packet is longer; one that claims to be is not gathered. */
const LONGEST_PACKET = 256 * 1024;

/** Connections of the mqtt package over sockets of Node, each with a client of its own: it keeps nothing for the next one. */
export function connectorFor(settings: MqttSettings): Connect {
  return async (listener) => {
    const certificates = await certificatesOf(settings);
    return new Promise((resolve, reject) => {
      let connection: MqttConnection | undefined;
      const socket = openSocket(settings, certificates);
      const client = new MqttClient(() => socket, optionsOf(settings));
      let reason = 'the broker closed the connection';
      let isOver = false;
      const end = (): void => {
        if (isOver) return;
        isOver = true;
        client.end(true);
        socket.destroy();
        if (connection) {
          connection.isDown = true;
          listener.onDown(reason);
        } else {
          reject(new Error(reason));
        }
      };
      const fail = (error: unknown): void => {
        if (!isOver) reason = failureInWords(error);
        end();
      };
      limitPackets(socket, client, fail);
      socket.on('error', fail);
      client.on('error', fail);
      client.on('disconnect', ({ reasonCode }) => fail(reasonInWords(reasonCode)));
      client.on('close', end);
      client.on('connect', () => {
        connection = new MqttConnection(
          client,
          securityOf(socket),
          settings.version === '5',
          () => {
            isOver = true;
          },
        );
        resolve(connection);
      });
      client.on('message', (topic, payload, packet) => {
        if (!isOver) listener.onMessage(arrivalOf(topic, payload, packet));
      });
    });
  };
}

class MqttConnection implements Connection {
  isDown = false;
  readonly security?: ConnectionSecurity;
  readonly #client: MqttClient;
  readonly #isFive: boolean;
  readonly #onClosing: () => void;

  constructor(
    client: MqttClient,
    security: ConnectionSecurity | undefined,
    isFive: boolean,
    onClosing: () => void,
  ) {
    this.#client = client;
    if (security) this.security = security;
    this.#isFive = isFive;
    this.#onClosing = onClosing;
  }

  publish({ topic, payload, retain = false, expiryS, correlationData }: Message) {
    const properties = {
      ...(expiryS === undefined ? {} : { messageExpiryInterval: expiryS }),
      ...(correlationData ? { correlationData } : {}),
    };
    return this.#taken((done) =>
      this.#client.publish(
        topic,
        payload,
        { qos: 1, retain, ...(this.#isFive ? { properties } : {}) },
        done,
      ),
    );
  }

  /** In 5 what is retained comes marked as that, and nothing of our own comes back. */
  subscribe(topics: readonly string[]) {
    const options = this.#isFive
      ? ({ qos: 1, nl: true, rap: true } as const)
      : ({ qos: 1 } as const);
    return this.#taken((done) => this.#client.subscribe([...topics], options, done));
  }

  unsubscribe(topics: readonly string[]): void {
    if (!this.isDown) this.#client.unsubscribe([...topics]);
  }

  close(): Promise<void> {
    this.#onClosing();
    this.isDown = true;
    return new Promise<void>((resolve) => {
      const late = setTimeout(resolve, CLOSE_MS);
      this.#client.end(false, () => {
        clearTimeout(late);
        resolve();
      });
    }).then(() => {
      this.#client.stream.destroy();
    });
  }

  #taken(send: (done: (error?: Error | null) => void) => void): Promise<string | undefined> {
    return new Promise((resolve) => {
      send((error) => {
        if (!error) resolve(undefined);
        // Whatever else keeps it from being taken ends the connection.
        else if (isRefusal(error)) resolve(failureInWords(error));
      });
    });
  }
}

function isRefusal(error: Error): boolean {
  return 'code' in error ? typeof error.code === 'number' : /^Subscribe error/.test(error.message);
}

interface Certificates {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

async function certificatesOf({ caFile, certFile, keyFile }: MqttSettings): Promise<Certificates> {
  // One after the other: of several that cannot be read it is always the first that is named.
  const ca = await contents('mqtt.caFile', caFile);
  const cert = await contents('mqtt.certFile', certFile);
  const key = await contents('mqtt.keyFile', keyFile);
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

async function contents(setting: string, path: string | undefined): Promise<Buffer | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path);
  } catch (error) {
    throw new Error(`cannot read ${setting}: ${failureInWords(error)}`);
  }
}

function openSocket({ broker }: MqttSettings, certificates: Certificates): Socket {
  const { host, port, secure } = broker;
  if (!secure) return connectTcp({ host, port });
  const name = isIP(host) === 0 ? { servername: host } : {};
  try {
    return connectTls({ host, port, ...name, ...certificates, rejectUnauthorized: true });
  } catch (error) {
    throw new Error(`mqtt.caFile, certFile or keyFile cannot be used: ${failureInWords(error)}`);
  }
}

/** As it is once the handshake is done. */
function securityOf(socket: Socket): ConnectionSecurity | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const validTo = socket.getPeerX509Certificate()?.validTo;
  if (validTo === undefined) return undefined;
  return {
    version: socket.getProtocol() ?? '',
    cipher: socket.getCipher().standardName,
    expires: new Date(validTo),
  };
}

function optionsOf({ device, version, username, password }: MqttSettings): IClientOptions {
  const isFive = version === '5';
  return {
    protocolVersion: isFive ? 5 : 4,
    clientId: `dashvoip-${device}`,
    // Nothing is kept for us while we are away: what was ordered then is not wanted any more.
    clean: true,
    keepalive: KEEP_ALIVE_S,
    connectTimeout: CONNECT_MS,
    reconnectPeriod: 0,
    resubscribe: false,
    // It would make a buffer for each of 65536 numbers: 9 MB.
    writeCache: false,
    will: {
      topic: topicsOf(device).availability,
      payload: Buffer.from('offline'),
      qos: 1,
      retain: true,
    },
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(isFive ? { properties: { maximumPacketSize: LONGEST_PACKET } } : {}),
  };
}

/** Of 3.1.1 a broker need not be told, and of 5 it need not heed it. */
function limitPackets(socket: Socket, client: MqttClient, fail: (reason: string) => void): void {
  let gathered = 0;
  socket.on('data', (chunk: Buffer) => {
    gathered += chunk.length;
    if (gathered > LONGEST_PACKET)
      fail(`the broker sends a packet of more than ${LONGEST_PACKET} bytes`);
  });
  client.on('packetreceive', () => {
    gathered = 0;
  });
}

function arrivalOf(
  topic: string,
  payload: Buffer,
  { retain, dup, properties = {} }: IPublishPacket,
): Arrival {
  const { responseTopic, correlationData } = properties;
  return {
    topic,
    payload,
    retained: retain,
    repeated: dup,
    ...(responseTopic === undefined ? {} : { responseTopic }),
    ...(correlationData === undefined ? {} : { correlationData }),
  };
}
