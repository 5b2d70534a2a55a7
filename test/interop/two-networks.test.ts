import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parseStatus } from '../toolkit/peers/agent-status';
import { modulePath } from '../toolkit/peers/kamailio';
import { ManagedProcess } from '../toolkit/process/process';
import { waitUntil } from '../toolkit/process/wait';
import { Stage } from './support/stage';

/**
 * A car that reaches the city, where kamailio and a phone are, by Wi-Fi and by a mobile network: two namespaces, two cables. Wi-Fi
 * is preferred while it is there, as a camera's routes have it.
 */
const stage = await Stage.open('two-networks');
const [CAR, CITY] = [`dvcar${process.pid}`, `dvcity${process.pid}`];
const SERVER = '198.18.76.1';
const LINKS = {
  wifi: { car: '198.18.77.2', city: '198.18.77.1', metric: '100' },
  lte: { car: '198.18.78.2', city: '198.18.78.1', metric: '600' },
} as const;
type Link = keyof typeof LINKS;

const ip = (...args: string[]): void => void execFileSync('ip', args, { stdio: 'pipe' });
const route = (deed: 'replace' | 'del', link: Link): void => {
  const { city, metric } = LINKS[link];
  ip('-n', CAR, 'route', deed, 'default', 'via', city, 'dev', link, 'metric', metric);
};
const goes = (link: Link): void => ip('-n', CAR, 'link', 'set', link, 'down');
/** With its route, which a kernel takes away with it. */
const returns = (link: Link): void => {
  ip('-n', CAR, 'link', 'set', link, 'up');
  route('replace', link);
};

function started(space: string, name: string, command: string, ...args: string[]): ManagedProcess {
  return stage.owns(
    ManagedProcess.start({
      name,
      command: 'ip',
      args: ['netns', 'exec', space, command, ...args],
      logPath: join(stage.folder, `${name}.log`),
    }),
  );
}

function agentIn(space: string, user: string, sip: object): ManagedProcess {
  const config = join(stage.folder, `${user}.json`);
  const settings = {
    sip,
    account: { uri: `sip:${user}@${SERVER}`, registrar: `sip:${SERVER}` },
    media: { microphone: { kind: 'null' }, speaker: { kind: 'null' }, video: 'none' },
    camera: { link: 'none' },
    policy: { autoAnswer: true },
  };
  writeFileSync(config, JSON.stringify(settings));
  return started(space, user, process.execPath, 'dist/dashvoip.cjs', 'run', '--config', config);
}

/** What `dashvoip WORDS --json` says there. */
function said(space: string, ...words: string[]): unknown {
  const args = ['netns', 'exec', space, process.execPath, 'dist/dashvoip.cjs', ...words, '--json'];
  return JSON.parse(execFileSync('ip', args, { encoding: 'utf8', timeout: 20_000 }));
}

const statusIn = (space: string) => parseStatus(said(space, 'status'));
const heardInCity = (): number =>
  statusIn(CITY).calls[0]?.media?.audio?.received.packets ?? Number.NaN;

/** Until the phone in the city hears the car again; how long that took, ms. */
async function untilHeard(): Promise<number> {
  const [since, before] = [performance.now(), heardInCity()];
  await waitUntil('the car to be heard', () => heardInCity() > before + 25, 20_000);
  return performance.now() - since;
}

let server: ManagedProcess;
/** Until a REGISTER of the car comes by that network. */
async function untilRegisteredBy(link: Link, from: number): Promise<number> {
  const since = performance.now();
  const words = new RegExp(`car registers from ${LINKS[link].car.replaceAll('.', '\\.')}:`);
  await server.waitFor(words, 20_000, from);
  return performance.now() - since;
}
const heardSoFar = (): number => server.output.length;

beforeAll(async () => {
  for (const space of [CAR, CITY]) {
    ip('netns', 'add', space);
    ip('-n', space, 'link', 'set', 'lo', 'up');
  }
  ip('-n', CITY, 'addr', 'add', `${SERVER}/32`, 'dev', 'lo');
  for (const [link, { car, city }] of Object.entries(LINKS)) {
    ip('link', 'add', link, 'netns', CAR, 'type', 'veth', 'peer', 'name', link, 'netns', CITY);
    ip('-n', CAR, 'addr', 'add', `${car}/24`, 'dev', link);
    ip('-n', CITY, 'addr', 'add', `${city}/24`, 'dev', link);
    ip('-n', CITY, 'link', 'set', link, 'up');
  }
  const config = join(stage.folder, 'kamailio.cfg');
  writeFileSync(config, PROXY);
  const own = ['-m', '64', '-M', '8', '-Y', stage.folder, '-w', stage.folder];
  server = started(CITY, 'kamailio', 'kamailio', '-f', config, '-DD', '-E', ...own);
  agentIn(CITY, 'home', { address: SERVER, port: 5070 });
});
afterAll(() => {
  for (const space of [CAR, CITY]) ip('netns', 'del', space);
});

describe('a car between two networks', () => {
  it('is registered by the one that is there, and its call goes on by it', async () => {
    returns('wifi');
    returns('lte');
    const car = agentIn(CAR, 'car', { address: '0.0.0.0' });
    onTestFinished(async () => {
      await car.stop();
    });
    await untilRegisteredBy('wifi', heardSoFar());
    said(CAR, 'call', `sip:home@${SERVER}`);
    await waitUntil('the call', () => statusIn(CITY).calls[0]?.state === 'active');
    await untilHeard();

    let from = heardSoFar();
    goes('wifi');
    const [byLte, heardByLte] = await Promise.all([untilRegisteredBy('lte', from), untilHeard()]);

    from = heardSoFar();
    returns('wifi');
    const byWifi = await untilRegisteredBy('wifi', from);
    // Its address is there still: the call stays where it is, until that goes too.
    await untilHeard();
    goes('lte');
    const heardByWifi = await untilHeard();

    from = heardSoFar();
    route('del', 'wifi');
    returns('lte');
    const withoutRoute = await untilRegisteredBy('lte', from);
    await untilHeard();
    const figures = { byLte, heardByLte, byWifi, heardByWifi, withoutRoute };
    console.info(`two networks, ms: ${JSON.stringify(figures)}`);
    const { calls } = statusIn(CAR);
    expect(calls.map(({ state }) => state)).toEqual(['active']);
  });
});

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
loadmodule "xlog.so"
modparam("usrloc", "db_mode", 0)
modparam("rr", "enable_full_lr", 1)
modparam("registrar", "gruu_enabled", 0)
request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  if (has_totag()) {
    if (loose_route()) { t_relay(); exit; }
    if (is_method("ACK")) { if (t_check_trans()) t_relay(); exit; }
    sl_send_reply("404", "Not Here");
    exit;
  }
  if (is_method("REGISTER")) {
    xlog("L_ERR", "$tU registers from $si: $hdr(Contact)\\n");
    save("location");
    exit;
  }
  if (is_method("INVITE")) record_route();
  if (!lookup("location")) { sl_send_reply("404", "Not Found"); exit; }
  t_relay();
  exit;
}
`;
