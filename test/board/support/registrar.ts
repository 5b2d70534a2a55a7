import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ManagedProcess } from '../../toolkit/process/process';
import { type BoardNetwork, HOST_ADDRESS } from './network';

/** A kamailio on the bridge that lets every user register whose password is `pw-` and the user's name. */
export class BoardRegistrar {
  readonly domain = `${HOST_ADDRESS}:5060`;
  readonly process: ManagedProcess;

  private constructor(child: ManagedProcess) {
    this.process = child;
  }

  static async start(folder: string, network: BoardNetwork): Promise<BoardRegistrar> {
    const own = join(folder, 'kamailio');
    mkdirSync(own, { recursive: true });
    const file = join(own, 'kamailio.cfg');
    writeFileSync(file, configuration());
    const child = ManagedProcess.start({
      name: 'kamailio',
      ...network.inside(
        ...(['kamailio', '-f', file, '-DD', '-E', '-m', '64', '-M', '8'] as const),
        ...['-Y', own, '-w', own],
      ),
      logPath: join(folder, 'kamailio.log'),
    });
    const registrar = new BoardRegistrar(child);
    await child.waitFor(/dashvoip registrar is up/, 20_000);
    return registrar;
  }

  async stop(): Promise<void> {
    await this.process.stop();
  }
}

/** Debian keeps the modules in a folder named after the machine's architecture. */
function modulePath(): string {
  const paths = readdirSync('/usr/lib').map((name) => `/usr/lib/${name}/kamailio/modules/`);
  const path = paths.find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error('kamailio is not installed: run scripts/setup');
  return path;
}

function configuration(): string {
  const modules = ['kex', 'corex', 'sl', 'pv', 'usrloc', 'registrar', 'auth', 'textops', 'xlog'];
  return `#!KAMAILIO
debug=2
log_stderror=yes
fork=yes
children=1
disable_tcp=yes
auto_aliases=no
listen=udp:${HOST_ADDRESS}:5060
mpath="${modulePath()}"
${modules.map((name) => `loadmodule "${name}.so"`).join('\n')}
modparam("usrloc", "db_mode", 0)
modparam("auth", "nonce_expire", 300)
modparam("auth", "qop", "auth")

request_route {
  if (!is_method("REGISTER")) { sl_send_reply("405", "Registrations Only"); exit; }
  if ($au == $null) { auth_challenge("$fd", "1"); exit; }
  $var(password) = "pw-" + $au;
  if (!pv_auth_check("$fd", "$var(password)", "0", "1")) { auth_challenge("$fd", "1"); exit; }
  if (!save("location")) sl_reply_error();
}

event_route[core:worker-one-init] {
  xlog("L_ALERT", "dashvoip registrar is up");
}
`;
}
