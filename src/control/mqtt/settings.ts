import type { ReadRequest } from '../command-request';
import type { SurfaceOptions } from '../surface';

/** What MQTT is given beside what every surface is. */
export interface MqttSurfaceOptions extends SurfaceOptions {
  /** Reads a request that names its command. */
  readonly readRequest: (value: unknown) => ReadRequest;
}

/** What the configuration says of the broker; paths are whole. */
export interface MqttSettings {
  /** As the status shows it. */
  readonly url: string;
  readonly broker: { readonly secure: boolean; readonly host: string; readonly port: number };
  readonly device: string;
  readonly version: '5' | '3.1.1';
  readonly username?: string;
  readonly password?: string;
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly homeAssistant: boolean;
  /** Whether commands are taken from this broker. */
  readonly servesCommands: boolean;
  /** Folder for the events that wait while the broker is away. */
  readonly directory?: string;
}
