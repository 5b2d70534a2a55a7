import type { TlsSpoken } from './tls-spoken';

/** How it stands with the MQTT broker. */
export interface MqttStatus {
  /** Its URL. */
  readonly broker: string;
  readonly connected: boolean;
  /** Civil time since when it is connected, or is not; ISO 8601. */
  readonly since: string;
  /** Why not, or what the broker refuses, in words; empty when all is well. */
  readonly detail: string;
  /** TLS as it is spoken with it, and when its certificate runs out. */
  readonly tls?: TlsSpoken & { readonly expires: string };
  /** When the certificate runs out that we show it. */
  readonly certificateExpires?: string;
  /** That one of them does soon, in words. */
  readonly expiry?: readonly string[];
  /** Events that wait for the broker. */
  readonly waiting: number;
  /** Events that gave way to newer ones while it was away. */
  readonly dropped: number;
  /** Why events are kept in memory only, in words; absent when they are not. */
  readonly notKept?: string;
  /** Commands that came, and those of them that were refused unread: too many, too old, retained. */
  readonly commands: number;
  readonly refused: number;
}

/** What is wrong with it, in words. */
export function mqttProblems({ connected, detail, notKept }: MqttStatus): string[] {
  return [
    ...(detail ? [`mqtt: ${connected ? '' : 'not connected: '}${detail}`] : []),
    ...(notKept === undefined ? [] : [`mqtt: events are kept in memory only: ${notKept}`]),
  ];
}
