import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseStatus } from '../../toolkit/peers/agent-status';
import { modulePath } from '../../toolkit/peers/kamailio';
import { linphonerc } from '../../toolkit/peers/linphonec';
import { ManagedProcess } from '../../toolkit/process/process';
import { sleep, waitUntil } from '../../toolkit/process/wait';
import { PHONE_VOICE, type Stage } from './stage';

/** What a NAT of Linux is, by what it is told: RFC 4787 §4.1 calls the first two endpoint-independent. */
export type NatKind =
  /** A port outside for each inside, and who knows it may come in. */
  | 'full-cone'
  /** Another port for each far end. */
  | 'symmetric';

export const SERVER = '198.18.80.1';
export const USER = { username: 'car', password: 'turn-secret' };
export const TURN_UDP = { uri: `turn:${SERVER}:3478`, ...USER };
export const TURN_TCP = { uri: `turn:${SERVER}:3478?transport=tcp`, ...USER };
export const TURN_TLS = { uri: `turns:${SERVER}:5349`, ...USER };

/** A place behind a NAT of its own. */
export interface Place {
  /** Namespace of the machine, and of the NAT. */
  readonly space: string;
  readonly nat: string;
  readonly address: string;
  readonly gateway: string;
  readonly outside: string;
}

const ip = (...args: string[]): void => void execFileSync('ip', args, { stdio: 'pipe' });
const inside = (space: string, ...command: string[]): string =>
  execFileSync('ip', ['netns', 'exec', space, ...command], {
    encoding: 'utf8',
    stdio: 'pipe',
    timeout: 20_000,
  });

/** A server of SIP, STUN and TURN in the open, and machines behind NATs: each a namespace. */
export class NatWorld {
  readonly stage: Stage;
  readonly open = `dvopen${process.pid}`;
  readonly #spaces: string[] = [];
  readonly places: Place[] = [];

  private constructor(stage: Stage) {
    this.stage = stage;
    this.#space(this.open);
    ip('-n', this.open, 'addr', 'add', `${SERVER}/32`, 'dev', 'lo');
    forward(this.open);
    // What goes to a private address is lost on the way, as it is on the Internet.
    ip('-n', this.open, 'link', 'add', 'void', 'type', 'veth', 'peer', 'name', 'drain');
    ip('-n', this.open, 'link', 'set', 'void', 'up', 'arp', 'off');
    ip('-n', this.open, 'link', 'set', 'drain', 'up', 'arp', 'off');
    ip('-n', this.open, 'route', 'add', 'default', 'dev', 'void');
  }

  static async build(stage: Stage, places: number): Promise<NatWorld> {
    const world = new NatWorld(stage);
    for (let number = 1; number <= places; number++) world.#addPlace(number);
    await world.#startServers();
    return world;
  }

  /** Its rules begin anew: former mappings are forgotten. */
  nat({ nat, address }: Place, kind: NatKind): void {
    const rule = (...args: string[]): string => inside(nat, 'iptables', '-w', ...args);
    rule('-t', 'nat', '-F');
    rule('-F', 'FORWARD');
    const fully = kind === 'symmetric' ? ['--random-fully'] : [];
    rule('-t', 'nat', '-A', 'POSTROUTING', '-o', 'out', '-j', 'MASQUERADE', ...fully);
    if (kind !== 'full-cone') return;
    const to = ['-j', 'DNAT', '--to-destination', address];
    rule('-t', 'nat', '-A', 'PREROUTING', '-i', 'out', '-p', 'udp', ...to);
  }

  /** Nothing of UDP passes but SIP; of TURN by plain TCP neither, unless told. */
  blockUdp({ nat }: Place, mayUseTcp = false): void {
    const rule = (...args: string[]): string => inside(nat, 'iptables', '-w', ...args);
    rule('-A', 'FORWARD', '-p', 'udp', '--dport', '5060', '-j', 'ACCEPT');
    rule('-A', 'FORWARD', '-p', 'udp', '--sport', '5060', '-j', 'ACCEPT');
    rule('-A', 'FORWARD', '-p', 'udp', '-j', 'DROP');
    if (!mayUseTcp) rule('-A', 'FORWARD', '-p', 'tcp', '--dport', '3478', '-j', 'DROP');
  }

  /** Another address of the same machine; the former one is gone. */
  renumber({ space, address, gateway }: Place, to: string): void {
    ip('-n', space, 'addr', 'del', `${address}/24`, 'dev', 'lan');
    ip('-n', space, 'addr', 'replace', `${to}/24`, 'dev', 'lan');
    ip('-n', space, 'route', 'replace', 'default', 'via', gateway);
  }

  start(space: string, name: string, command: string, ...args: string[]): ManagedProcess {
    return this.stage.owns(
      ManagedProcess.start({
        name,
        command: 'ip',
        args: ['netns', 'exec', space, command, ...args],
        logPath: join(this.stage.folder, `${name}.log`),
        env: { HOME: this.stage.folder },
      }),
    );
  }

  /** dashvoip at a place, registered and ready. @param ice its `media.ice` */
  async agent(
    { space }: Place,
    user: string,
    ice: object | undefined,
    media: object = {},
  ): Promise<ManagedProcess> {
    const config = join(this.stage.folder, `${user}.json`);
    const settings = {
      sip: { address: '0.0.0.0' },
      account: { uri: `sip:${user}@${SERVER}`, registrar: `sip:${SERVER}` },
      media: {
        microphone: { kind: 'null' },
        speaker: { kind: 'null' },
        video: 'none',
        ...(ice ? { ice: { caFile: join(this.stage.folder, 'turn.pem'), ...ice } } : {}),
        ...media,
      },
      camera: { link: 'none' },
      policy: { autoAnswer: true },
      log: { level: 'debug' },
    };
    writeFileSync(config, JSON.stringify(settings), { mode: 0o600 });
    const node = [process.execPath, 'dist/dashvoip.cjs', 'run', '--config', config] as const;
    const agent = this.start(space, user, ...node);
    await agent.waitFor(/state=registered/);
    return agent;
  }

  /** A baresip at a place, with ICE by that server's STUN; it answers by itself. @param orders commands that it begins with */
  async baresip(
    { space, address }: Place,
    orders: readonly string[] = [],
  ): Promise<ManagedProcess> {
    const folder = join(this.stage.folder, 'baresip');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'config'), baresipConfiguration(address));
    const ice = `medianat=ice;stunserver="stun:${SERVER}:3478"`;
    const account = `<sip:phone@${SERVER}>;auth_pass=none;answermode=auto;${ice}`;
    writeFileSync(join(folder, 'accounts'), `${account}\n`);
    const commands = orders.flatMap((order) => ['-e', order]);
    const phone = this.start(space, 'phone', 'baresip', '-f', folder, '-v', ...commands);
    await phone.waitFor(/200 OK/);
    return phone;
  }

  /** A linphonec at a place, with ICE by that server's STUN; it answers by itself. */
  async linphonec({ space, address }: Place, speech: string): Promise<ManagedProcess> {
    const home = join(this.stage.folder, 'linphone');
    for (const folder of ['.local/share/linphone', '.config/linphone'])
      mkdirSync(join(home, folder), { recursive: true });
    const rc = join(home, 'linphonerc');
    writeFileSync(rc, linphoneConfiguration(address));
    const log = join(this.stage.folder, 'linphone-own.log');
    rmSync(log, { force: true });
    const words = ['-c', rc, '-d', '6', '-l', log, '-a'];
    const phone = this.start(space, 'linphone', 'env', `HOME=${home}`, 'linphonec', ...words);
    await waitUntil('linphonec to be registered', () =>
      existsSync(log) ? readFileSync(log, 'utf8').includes('SIP/2.0 200') : false,
    );
    phone.writeLine('soundcard use files');
    phone.writeLine(`play ${speech}`);
    await sleep(500);
    return phone;
  }

  /** What `dashvoip WORDS --json` says there. */
  said({ space }: Place, ...words: string[]): unknown {
    return JSON.parse(inside(space, process.execPath, 'dist/dashvoip.cjs', ...words, '--json'));
  }

  heardAt(place: Place): number {
    const [call] = parseStatus(this.said(place, 'status')).calls;
    return call?.media?.audio?.received.packets ?? 0;
  }

  /** Until sound comes there, counted from now; ms. */
  async untilHeard(place: Place, timeoutMs = 15_000): Promise<number> {
    const [since, before] = [performance.now(), this.heardAt(place)];
    await waitUntil('sound', () => this.heardAt(place) > before + 10, timeoutMs);
    return performance.now() - since;
  }

  close(): void {
    for (const space of this.#spaces) ip('netns', 'del', space);
  }

  #space(name: string): void {
    ip('netns', 'add', name);
    this.#spaces.push(name);
    ip('-n', name, 'link', 'set', 'lo', 'up');
  }

  #addPlace(number: number): void {
    const space = `dvin${number}x${process.pid}`;
    const nat = `dvnat${number}x${process.pid}`;
    const [net, lan] = [`198.18.${80 + number}`, `10.${80 + number}.0`];
    for (const one of [space, nat]) this.#space(one);
    cable(this.open, `place${number}`, `${net}.1`, nat, 'out', `${net}.2`);
    cable(nat, 'lan', `${lan}.1`, space, 'lan', `${lan}.2`);
    ip('-n', nat, 'route', 'add', 'default', 'via', `${net}.1`);
    ip('-n', space, 'route', 'add', 'default', 'via', `${lan}.1`);
    forward(nat);
    const place = { space, nat, address: `${lan}.2`, gateway: `${lan}.1`, outside: `${net}.2` };
    this.places.push(place);
    this.nat(place, 'full-cone');
  }

  async #startServers(): Promise<void> {
    const { folder } = this.stage;
    const [certificate, key] = [join(folder, 'turn.pem'), join(folder, 'turn.key')];
    const subject = ['-subj', '/CN=turn', '-addext', `subjectAltName=IP:${SERVER}`];
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject],
        ...['-keyout', key, '-out', certificate],
      ],
      { stdio: 'pipe' },
    );
    const turn = this.start(
      this.open,
      'turnserver',
      'turnserver',
      ...['-n', '--no-cli', '--lt-cred-mech', '--realm', 'example.org', '--fingerprint'],
      ...['--user', `${USER.username}:${USER.password}`, '--log-file', 'stdout', '--verbose'],
      ...['--listening-ip', SERVER, '--relay-ip', SERVER, '--cert', certificate, '--pkey', key],
      ...['--pidfile', join(folder, 'turnserver.pid'), '--relay-threads', '1'],
      ...['--db', join(folder, 'turndb')],
    );
    const config = join(folder, 'kamailio.cfg');
    writeFileSync(config, PROXY);
    const own = ['-m', '64', '-M', '8', '-Y', folder, '-w', folder];
    this.start(this.open, 'kamailio', 'kamailio', '-f', config, '-DD', '-E', ...own);
    await turn.waitFor(/IPv4\. (TLS|UDP).*listener opened|Listener address|listener opened on/i);
  }
}

function cable(
  one: string,
  near: string,
  nearAddress: string,
  other: string,
  far: string,
  farAddress: string,
): void {
  ip('link', 'add', near, 'netns', one, 'type', 'veth', 'peer', 'name', far, 'netns', other);
  ip('-n', one, 'addr', 'add', `${nearAddress}/24`, 'dev', near);
  ip('-n', other, 'addr', 'add', `${farAddress}/24`, 'dev', far);
  ip('-n', one, 'link', 'set', near, 'up');
  ip('-n', other, 'link', 'set', far, 'up');
}

function forward(space: string): void {
  inside(space, 'sysctl', '-q', '-w', 'net.ipv4.ip_forward=1');
}

function baresipConfiguration(address: string): string {
  return `${[
    ...['poll_method epoll', `sip_listen ${address}:5060`, 'call_max_calls 4'],
    ...[
      'audio_player aubridge,phone',
      `audio_source aufile,${PHONE_VOICE}`,
      'audio_alert aubridge,alert',
    ],
    ...['ausrc_srate 8000', 'auplay_srate 8000', 'ausrc_channels 1', 'auplay_channels 1'],
    ...['audio_level no', 'rtp_stats yes', 'rtcp_mux no', 'net_interface lan'],
    'module_path /usr/lib/baresip/modules',
    ...['g711', 'aufile', 'aubridge', 'ice', 'stun', 'turn'].map((name) => `module ${name}.so`),
    ...['module_tmp uuid.so', 'module_tmp account.so', 'module_app menu.so'],
  ].join('\n')}\n`;
}

function linphoneConfiguration(address: string): string {
  const own = linphonerc({
    name: 'phone',
    sipPort: 5060,
    audioPort: 7078,
    videoPort: 9078,
    address,
  });
  const net = 'firewall_policy=ice\nnat_policy_ref=natural\nstun_server=';
  return `${own.replace('firewall_policy=no_firewall\nstun_server=', net).replace('default_proxy=-1', 'default_proxy=0')}
[nat_policy_0]
ref=natural
stun_server=${SERVER}
protocols=stun,ice

[proxy_0]
reg_proxy=<sip:${SERVER}>
reg_identity=sip:phone@${SERVER}
reg_expires=600
reg_sendregister=1
`;
}

/** Knows that phones behind NATs are where their requests come from. */
const PROXY = `#!KAMAILIO
debug=2
log_stderror=yes
fork=yes
children=2
disable_tcp=yes
auto_aliases=no
listen=udp:${SERVER}:5060
mpath="${modulePath()}"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "nathelper.so"
modparam("usrloc", "db_mode", 0)
modparam("rr", "enable_full_lr", 1)
modparam("registrar", "gruu_enabled", 0)
modparam("nathelper|registrar", "received_avp", "$avp(RECEIVED)")
request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  force_rport();
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  if (has_totag()) {
    if (loose_route()) { handle_ruri_alias(); set_contact_alias(); t_relay(); exit; }
    if (is_method("ACK")) { if (t_check_trans()) t_relay(); exit; }
    sl_send_reply("404", "Not Here");
    exit;
  }
  if (is_method("REGISTER")) { fix_nated_register(); save("location"); exit; }
  if (is_method("INVITE")) { record_route(); set_contact_alias(); }
  if (!lookup("location")) { sl_send_reply("404", "Not Found"); exit; }
  t_relay();
  exit;
}
onreply_route { if (is_method("INVITE")) set_contact_alias(); }
`;
