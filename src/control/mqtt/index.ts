import { join } from 'node:path';
import { lineFileAt } from '../../platform';
import type { Surface } from '../surface';
import { BrokerClient } from './client';
import { connectorFor } from './connection';
import { Outbox } from './outbox';
import type { MqttSettings, MqttSurfaceOptions } from './settings';

export type { Failure } from './commands';
export type { MqttSettings };

/** Opens the way by an MQTT broker, which may be away for now. Never rejects. */
export async function openMqtt(
  surface: MqttSurfaceOptions,
  settings: MqttSettings,
): Promise<Surface> {
  const { directory } = settings;
  const file = directory === undefined ? undefined : lineFileAt(join(directory, 'mqtt.jsonl'));
  const client = new BrokerClient({
    surface,
    settings,
    outbox: await Outbox.open(file),
    connect: connectorFor(settings),
  });
  surface.control.surfaces.mqtt = () => client.status;
  client.start();
  return client;
}
