import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ManagedProcess } from '../process/process';
import { readyMs } from '../process/sip-probe';
import type { Certificates } from './authority';

export interface KamailioOptions {
  readonly folder: string;
  readonly port: number;
  /** Digest algorithm of its challenges. */
  readonly algorithm: 'MD5' | 'SHA-256';
  /** Shortest binding it grants, seconds; 423 below that. */
  readonly minExpires?: number;
  /** A name that is its own as well, of users and as a realm. */
  readonly alias?: string;
  /** Listens for TCP as well, at the same port; it connects to who has closed. */
  readonly tcp?: boolean;
  /** Listens for TLS as well, at a port of its own. */
  readonly tls?: Certificates & { readonly port: number };
  /** Is a notifier, too: takes SUBSCRIBE and PUBLISH of message-summary, and asks nobody for digest then. */
  readonly mailboxes?: boolean;
  /** With `mailboxes`: publishes which of its users are in calls, and where they are registered, too. */
  readonly tells?: boolean;
  /** Where calls to a service as `urn:service:sos` go. */
  readonly services?: Readonly<Record<string, string>>;
  /** Seconds until a nonce is stale. */
  readonly nonceExpire?: number;
  /** Knows flows, paths and GRUUs, and names itself as Service-Route; listens for TCP as well. */
  readonly flows?: boolean;
}

export interface EdgeOptions {
  readonly folder: string;
  readonly port: number;
  /** Speaks RFC 5626; else it writes a Path, and no more. */
  readonly outbound: boolean;
}

/**
 * A registrar and record-routing proxy. Every user may register whose password is `pw-` and the user's name.
 * It asks for digest at REGISTER and at requests from its own domain (its address with its port).
 */
export class Kamailio {
  /** Host and port as they stand in URIs. */
  readonly domain: string;
  readonly process: ManagedProcess;

  private constructor(port: number, child: ManagedProcess) {
    this.domain = `127.0.0.1:${port}`;
    this.process = child;
  }

  static password(user: string): string {
    return `pw-${user}`;
  }

  static async start(options: KamailioOptions): Promise<Kamailio> {
    return Kamailio.#run(options, `kamailio-${options.algorithm}`, configuration(options));
  }

  /** A proxy between cameras and their registrar. */
  static startEdge(options: EdgeOptions): Promise<Kamailio> {
    return Kamailio.#run(options, `edge-${options.port}`, edgeConfiguration(options));
  }

  static async #run(
    options: Pick<KamailioOptions, 'folder' | 'port'>,
    name: string,
    text: string,
  ): Promise<Kamailio> {
    const folder = join(options.folder, name);
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'kamailio.cfg');
    writeFileSync(file, text);
    const child = ManagedProcess.start({
      name: 'kamailio',
      command: 'kamailio',
      args: ['-f', file, '-DD', '-E', '-m', '64', '-M', '8', '-Y', folder, '-w', folder],
      logPath: join(options.folder, `${name}.log`),
    });
    await child.whileRunning(readyMs(options.port, child.startedAt));
    return new Kamailio(options.port, child);
  }

  async stop(): Promise<void> {
    await this.process.stop();
  }
}

/** Debian keeps the modules in a folder named after the machine's architecture. */
export function modulePath(): string {
  const paths = readdirSync('/usr/lib').map((name) => `/usr/lib/${name}/kamailio/modules/`);
  const path = paths.find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error('kamailio is not installed: run scripts/setup');
  return path;
}

function configuration(options: KamailioOptions): string {
  const {
    alias,
    port,
    algorithm,
    minExpires,
    nonceExpire,
    flows,
    tls,
    mailboxes,
    tells,
    services = {},
  } = options;
  const tcp = options.tcp || flows;
  const modules = ['kex', 'corex', 'tm', 'sl', 'rr', 'pv', 'maxfwd', 'usrloc', 'registrar'];
  modules.push('textops', 'siputils', 'sanity', 'auth', ...(tls ? ['tls'] : []));
  if (mailboxes) modules.push('presence', 'presence_mwi', 'presence_xml');
  if (tells) {
    modules.push('presence_dialoginfo', 'presence_reginfo', 'db_text', 'pua', 'dialog');
    modules.push('pua_dialoginfo', 'pua_reginfo');
  }
  return `#!KAMAILIO
debug=2
log_stderror=yes
fork=yes
children=2
${tcp || tls ? 'disable_tcp=no\ntcp_children=2' : 'disable_tcp=yes'}
${tcp ? `listen=tcp:127.0.0.1:${port}` : ''}
${tls ? `enable_tls=yes\nlisten=tls:127.0.0.1:${tls.port}` : ''}
auto_aliases=no
${alias === undefined ? '' : `alias="${alias}"`}
listen=udp:127.0.0.1:${port}
mpath="${modulePath()}"
${modules.map((name) => `loadmodule "${name}.so"`).join('\n')}
${
  tls
    ? `modparam("tls", "certificate", "${tls.cert}")
modparam("tls", "private_key", "${tls.key}")
modparam("tls", "ca_list", "${tls.ca}")
modparam("tls", "tls_method", "TLSv1.2+")`
    : ''
}
modparam("rr", "enable_full_lr", 1)
${flows ? FLOW_PARAMETERS : 'modparam("registrar", "gruu_enabled", 0)'}
modparam("registrar", "default_expires", 600)
modparam("registrar", "max_expires", 3600)
modparam("usrloc", "db_mode", 0)
modparam("auth", "nonce_expire", ${nonceExpire ?? 300})
modparam("auth", "qop", "auth")
modparam("auth", "algorithm", "${algorithm === 'MD5' ? '' : algorithm}")

${mailboxes ? PRESENCE_PARAMETERS : ''}
${tells ? tellingParameters(port, publicationTables(options.folder)) : ''}
request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (!sanity_check()) exit;
  if (is_method("OPTIONS") && uri==myself && $rU==$null) { sl_send_reply("200", "OK"); exit; }
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  ${mailboxes ? PRESENCE_ROUTES : ''}
  ${flows ? 'if (!has_totag()) remove_hf("Route");' : ''}
  if (has_totag()) {
    if (loose_route()) { ${flows ? 'if (is_gruu()) lookup("location");' : ''} t_relay(); exit; }
    if (is_method("ACK")) { if (t_check_trans()) t_relay(); exit; }
    sl_send_reply("404", "Not Here");
    exit;
  }
  if (is_method("REGISTER") || from_uri==myself) {
    if ($au == $null) { auth_challenge("$fd", "1"); exit; }
    $var(password) = "pw-" + $au;
    if (!pv_auth_check("$fd", "$var(password)", "0", "1")) { auth_challenge("$fd", "1"); exit; }
    if (!is_method("REGISTER")) consume_credentials();
  }
  if (is_method("REGISTER") && $(hdr(Expires){s.int}) > 0 && $(hdr(Expires){s.int}) < ${minExpires ?? 10}) {
    append_to_reply("Min-Expires: ${minExpires ?? 10}\\r\\n");
    sl_send_reply("423", "Interval Too Brief");
    exit;
  }
  ${flows ? `if (is_method("REGISTER")) append_to_reply("Service-Route: <sip:127.0.0.1:${port};lr>\\r\\n");` : ''}
  if (is_method("REGISTER")) { if (!save("location")) sl_reply_error(); exit; }
  if (is_method("INVITE")) { record_route(); ${tells ? 'dlg_manage();' : ''} }
  ${Object.entries(services)
    .map(([service, uri]) => `if ($ru == "${service}") $ru = "${uri}";`)
    .join('\n  ')}
  if (uri==myself && !lookup("location")) { sl_send_reply("404", "Not Found"); exit; }
  if (!t_relay()) sl_reply_error();
  exit;
}
`;
}

const FLOW_PARAMETERS = `
modparam("registrar", "gruu_enabled", 1)
modparam("registrar", "outbound_mode", 1)
modparam("registrar", "flow_timer", 20)
modparam("registrar", "use_path", 1)
modparam("registrar", "path_mode", 2)
# The newest flow first: what is forked to none but the first (ACK) goes by it.
modparam("usrloc", "desc_time_order", 1)
`;

function edgeConfiguration({ port, outbound }: EdgeOptions): string {
  const modules = ['kex', 'corex', 'tm', 'sl', 'pv', 'maxfwd', 'siputils', 'textops'];
  modules.push(...(outbound ? ['stun', 'outbound'] : []), 'rr', 'path');
  return `#!KAMAILIO
debug=2
log_stderror=yes
fork=yes
children=2
disable_tcp=no
tcp_children=2
auto_aliases=no
listen=udp:127.0.0.1:${port}
listen=tcp:127.0.0.1:${port}
mpath="${modulePath()}"
${modules.map((name) => `loadmodule "${name}.so"`).join('\n')}

request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (is_method("OPTIONS") && uri==myself && $rU==$null) { sl_send_reply("200", "OK"); exit; }
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  # Of what comes from the registrar the route names the flow; of what comes from a camera it goes on.
  loose_route();
  if (is_method("REGISTER")) add_path();
  if (!t_relay()) sl_reply_error();
  exit;
}
`;
}

/** All in memory, without a database. */
const PRESENCE_PARAMETERS = `
modparam("presence", "db_url", "")
modparam("presence", "subs_db_mode", 0)
modparam("presence", "publ_cache", 2)
modparam("presence", "min_expires", 10)
modparam("presence_xml", "db_url", "")
modparam("presence_xml", "force_active", 1)
`;

/** Its module `pua` starts with a database alone, and keeps nothing in it here. */
function publicationTables(folder: string): string {
  const tables = join(folder, 'publications');
  mkdirSync(tables, { recursive: true });
  for (const name of ['version', 'pua']) {
    copyFileSync(join('/usr/share/kamailio/dbtext/kamailio', name), join(tables, name));
  }
  return tables;
}

/** What its dialog and registrar modules know it publishes to itself. */
function tellingParameters(port: number, tables: string): string {
  return `
modparam("pua", "db_url", "text://${tables}")
modparam("pua", "db_mode", 0)
modparam("pua", "outbound_proxy", "sip:127.0.0.1:${port}")
modparam("dialog", "db_mode", 0)
modparam("pua_dialoginfo", "include_tags", 1)
modparam("pua_dialoginfo", "caller_confirmed", 0)
modparam("pua_reginfo", "default_domain", "127.0.0.1:${port}")
modparam("pua_reginfo", "server_address", "sip:registrar@127.0.0.1:${port}")
modparam("pua_reginfo", "publish_reginfo", 1)
`;
}

const PRESENCE_ROUTES = `
  if (is_method("SUBSCRIBE")) { handle_subscribe(); exit; }
  if (is_method("PUBLISH")) { handle_publish(); exit; }
`;
