import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ManagedProcess } from '../process/process';
import type { Certificates } from './authority';

export interface MosquittoOptions {
  readonly folder: string;
  readonly name?: string;
  readonly port: number;
  /** Who may come, by name; none lets in everybody. */
  readonly passwords?: Readonly<Record<string, string>>;
  /** Lines of an access list. */
  readonly accessList?: readonly string[];
  readonly tls?: Certificates & { readonly asksForCertificate?: boolean };
}

/** Debian's MQTT broker, on 127.0.0.1. */
export class Mosquitto {
  readonly port: number;
  readonly process: ManagedProcess;

  private constructor(port: number, child: ManagedProcess) {
    this.port = port;
    this.process = child;
  }

  static async start(options: MosquittoOptions): Promise<Mosquitto> {
    const { folder, port, name = 'mosquitto' } = options;
    const file = join(folder, `${name}.conf`);
    writeFileSync(file, `${configuration(options).join('\n')}\n`);
    const child = ManagedProcess.start({
      name,
      command: '/usr/sbin/mosquitto',
      args: ['-v', '-c', file],
      logPath: join(folder, `${name}.log`),
    });
    await child.waitFor(/mosquitto version \S+ running/);
    return new Mosquitto(port, child);
  }

  /** Without a word to anybody, as when its machine loses power. */
  async kill(): Promise<void> {
    this.process.signal('SIGKILL');
    await this.process.exited;
  }

  async stop(): Promise<void> {
    await this.process.stop();
  }
}

function configuration(options: MosquittoOptions): string[] {
  const { folder, port, name = 'mosquitto', passwords, accessList, tls } = options;
  // As root it would take another user, who cannot read what a test has written.
  const lines = ['user root', `listener ${port} 127.0.0.1`, `allow_anonymous ${!passwords}`];
  if (passwords) {
    const file = join(folder, `${name}.passwords`);
    writeFileSync(
      file,
      Object.entries(passwords)
        .map((entry) => `${entry.join(':')}\n`)
        .join(''),
    );
    execFileSync('mosquitto_passwd', ['-U', file]);
    lines.push(`password_file ${file}`);
  }
  if (accessList) {
    const file = join(folder, `${name}.acl`);
    writeFileSync(file, `${accessList.join('\n')}\n`);
    lines.push(`acl_file ${file}`);
  }
  if (tls) {
    lines.push(`cafile ${tls.ca}`, `certfile ${tls.cert}`, `keyfile ${tls.key}`);
    if (tls.asksForCertificate)
      lines.push('require_certificate true', 'use_identity_as_username true');
  }
  return lines;
}
