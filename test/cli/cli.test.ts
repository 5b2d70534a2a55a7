import { type ChildProcess, execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Ajv from 'ajv';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/control';
import { recordOf } from '../../src/platform';
import { TerminalPages } from '../toolkit/measure/terminal';
import { DARK, scanned } from './invite/scanned';

const ROOT = resolve(import.meta.dirname, '../..');
const PROGRAM = join(ROOT, 'dist/dashvoip.cjs');
const ON_TERMINAL = join(ROOT, 'test/toolkit/process/on-terminal.py');
/** Longer than a busy machine takes; what comes at once is not waited for. */
const IN_TIME = { timeout: 30_000 };

interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function dashvoip(...args: string[]): Promise<Result> {
  return new Promise((done) => {
    execFile(process.execPath, [PROGRAM, ...args], { timeout: 20_000 }, (error, out, err) => {
      const code = error ? (typeof error.code === 'number' ? error.code : 255) : 0;
      done({ code, out, err });
    });
  });
}

/** A port of 127.0.0.1 that nobody listens on. */
async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

/** `dashvoip watch` on a terminal of its own. */
function watchOnTerminal(control: string, columns: number, rows: number) {
  const pages = new TerminalPages(columns, rows);
  const command = [process.execPath, PROGRAM, 'watch', '--control', control];
  const child = spawn('python3', [ON_TERMINAL, `${columns}`, `${rows}`, ...command], {
    env: { ...process.env, TERM: 'xterm', LC_ALL: 'C.UTF-8' },
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => pages.write(text));
  let left = '';
  child.stderr.on('data', (text) => {
    left += String(text);
  });
  const ended = once(child, 'close').then(([code]) => ({ code, left }));
  const order = (...words: (string | number)[]): void => {
    child.stdin.write(`${JSON.stringify(words)}\n`);
  };
  return { pages, order, ended };
}

const folder = mkdtempSync(join(tmpdir(), 'dashvoip-cli-'));

beforeAll(() => {
  execFileSync(join(ROOT, 'scripts/build'), ['bundle'], { stdio: 'pipe' });
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

describe('help', () => {
  const names = [
    ...['run', ...COMMANDS.map(({ name }) => name)],
    ...['watch', 'config show', 'config schema', 'bridge', 'probe', 'config set-password'],
    ...['config set-caller'],
    ...['version', 'completion'],
  ];

  it('lists every command', async () => {
    const { code, out, err } = await dashvoip('--help');
    expect(code).toBe(0);
    expect(err).toBe('');
    for (const name of names) expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
    expect(out.split('\n').filter((line) => line.length > 100)).toEqual([]);
    // One long synopsis does not make the words of all others narrow.
    expect(out).toContain(
      '\n  reject [CALL]                       refuses an incoming call as busy (486)\n',
    );
    expect(out).toMatch(/^ {2}position .*\[TIME\]\n {38}tells where the car is/m);
  });

  it.each(names)('explains %s', async (name) => {
    const { code, out } = await dashvoip(...name.split(' '), '--help');
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^dashvoip ${name}: [\\s\\S]+?\n\nusage: dashvoip ${name}`));
    expect(out).toContain('--json');
    expect(await dashvoip('help', ...name.split(' '))).toMatchObject({ code: 0, out });
  });
});

describe('wrong words', () => {
  it.each([
    [[], 'expected a command', ''],
    [['cal'], 'unknown command "cal"; did you mean "call"?', ''],
    [['zzzzzzz'], 'unknown command "zzzzzzz"', ''],
    [['call'], 'expected "dashvoip call URI [ANONYMOUS]"', 'call '],
    [
      ['call', ''],
      'uri: found "", expected a name, a number or a SIP URI, as "sip:home@example.org"',
      'call ',
    ],
    [['call', 'a', 'b'], 'anonymous: found "b", expected on or off', 'call '],
    [
      ['call', 'a', 'on', 'c'],
      'expected no more than "dashvoip call URI [ANONYMOUS]", found "c"',
      'call ',
    ],
    [['status', 'x'], 'expected no more than "dashvoip status", found "x"', 'status '],
    [['hold', 'x'], 'call: found "x", expected the number of a call', 'hold '],
    [['do-not-disturb', 'yes'], 'on: found "yes", expected on or off', 'do-not-disturb '],
    [
      ['config'],
      'expected "dashvoip config" with one of get, check, set, reload, show, schema, set-password, set-caller, found nothing',
      '',
    ],
    [
      ['config', 'gte'],
      'expected "dashvoip config" with one of get, check, set, reload, show, schema, set-password, set-caller, found "gte"',
      '',
    ],
    [['status', '--jsn'], 'unknown option "--jsn"; did you mean "--json"?', 'status '],
    [['status', '--config', 'f'], 'unknown option "--config"', 'status '],
    [['run', '--control', 'f'], 'unknown option "--control"', 'run '],
    [
      ['probe', '--seconds', '0'],
      '--seconds: expected a whole number from 1 to 3600, found "0"',
      '',
    ],
    [
      ['probe', '--seconds', '1e3'],
      '--seconds: expected a whole number from 1 to 3600, found "1e3"',
      '',
    ],
    [
      ['invite', '--for', 'soon'],
      'for: found "soon", expected a time as "90s", "10m" or "2h", 24h at most',
      'invite ',
    ],
    [['invite', '10m'], 'expected no more than "dashvoip invite", found "10m"', 'invite '],
    [['status', '--for', '10m'], 'unknown option "--for"', 'status '],
    [['status', '--control', 'f'], '--control: expected ADDRESS:PORT, found "f"', ''],
    [['status', '--control', 'a:99999'], '--control: expected ADDRESS:PORT, found "a:99999"', ''],
  ])('%j', async (args, message, about) => {
    expect(await dashvoip(...args)).toEqual({
      code: 2,
      out: '',
      err: `dashvoip: ${message}; see "dashvoip ${about}--help"\n`,
    });
  });
});

describe('without an agent', () => {
  it.each([['status'], ['call', 'sip:a@b'], ['answer'], ['hangup', '3'], ['watch']])(
    '%s says so in one line',
    async (...args) => {
      const control = `127.0.0.1:${await freePort()}`;
      expect(await dashvoip(...args, '--control', control)).toEqual({
        code: 1,
        out: '',
        err: `dashvoip: no dashvoip agent answers at ${control}; start one with "dashvoip run"\n`,
      });
    },
  );

  it('says so as JSON', async () => {
    const control = `127.0.0.1:${await freePort()}`;
    const { code, out } = await dashvoip('status', '--json', '--control', control);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ ok: false, error: expect.stringContaining(control) });
  });
});

describe('the agent', () => {
  const running: ChildProcess[] = [];

  afterEach(async () => {
    for (const child of running.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });

  let files = 0;
  const configFile = (changes: object = {}): string => {
    const path = join(folder, `agent-${++files}.json`);
    const nothing = { kind: 'null' };
    const media = {
      microphone: nothing,
      speaker: nothing,
      video: 'none',
      realtimePriority: 0,
      // No port that the system chooses for SIP or commands lies there, which would be warned of.
      rtpPorts: [20_000, 20_199],
    };
    writeFileSync(
      path,
      JSON.stringify({
        sip: { address: '127.0.0.1', port: 0 },
        media,
        camera: { link: 'none' },
        control: { port: 0 },
        ...changes,
      }),
    );
    return path;
  };

  interface Running {
    readonly child: ChildProcess;
    readonly control: string;
    readonly sip: string;
    readonly log: () => string;
  }

  async function run(changes: object = {}): Promise<Running> {
    const args = [PROGRAM, 'run', '--json', '--config', configFile(changes)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    running.push(child);
    let log = '';
    child.stderr?.on('data', (text) => {
      log += String(text);
    });
    const ready = new Promise<string>((resolve, reject) => {
      child.stdout?.once('data', (text) => resolve(String(text)));
      child.once('exit', (code) => reject(new Error(`the agent ended with ${code}: ${log}`)));
    });
    const { control, sip } = JSON.parse(await ready);
    return { child, control, sip, log: () => log };
  }

  it('says in one line that it is ready, and ends in order on SIGTERM', async () => {
    const { child, log, control } = await run();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    const lines = log().match(/^dashvoip ready: .*$/gm);
    expect(lines).toHaveLength(1);
    expect(lines?.[0]).toContain(`commands on UDP ${control}`);
  });

  it('talks to another one: call, answer, hold, resume, hang up', async () => {
    const [caller, callee] = await Promise.all([run(), run()]);
    const at = (agent: Running, ...args: string[]): Promise<Result> =>
      dashvoip(...args, '--control', agent.control);
    expect(await at(caller, 'call', `sip:${callee.sip}`)).toMatchObject({
      code: 0,
      out: `call 1: calling sip:${callee.sip}\n`,
    });
    await expect
      .poll(async () => (await at(callee, 'status')).out, IN_TIME)
      .toContain('call 1: incoming');
    expect(await at(callee, 'answer', '1')).toMatchObject({ code: 0, out: 'answered\n' });
    await expect
      .poll(async () => (await at(caller, 'status')).out, IN_TIME)
      .toContain('call 1: active');
    expect(await at(caller, 'hold')).toMatchObject({ code: 0, out: 'on hold\n' });
    expect((await at(callee, 'status')).out).toContain('held by peer');
    expect(await at(caller, 'resume')).toMatchObject({ code: 0, out: 'resumed\n' });
    expect(await at(callee, 'hangup', '--json')).toMatchObject({ code: 0, out: '{"ok":true}\n' });
    await expect
      .poll(async () => (await at(caller, 'status')).out, IN_TIME)
      .toContain('hung up by the far end');
    expect(await at(caller, 'hangup')).toMatchObject({ code: 1, err: 'dashvoip: no call is up\n' });
    expect(JSON.parse((await at(caller, 'hangup', '--json')).out)).toEqual({
      ok: false,
      rval: -14,
      error: 'no call is up',
    });
  });

  it('is switched, and configured anew while it runs', async () => {
    const agent = await run({ policy: { autoAnswer: false } });
    const at = async (...args: string[]): Promise<Result> =>
      dashvoip(...args, '--control', agent.control);
    expect(await at('do-not-disturb', 'on')).toMatchObject({
      code: 0,
      out: 'do not disturb is on\n',
    });
    expect((await at('status')).out).toMatch(/^ {2}switched on +do not disturb$/m);
    expect(await at('config', 'set', 'policy.autoAnswer', 'true')).toMatchObject({
      code: 0,
      out: 'in force: policy.autoAnswer\n',
    });
    expect((await at('config', 'get', 'policy')).out).toBe(
      '{\n "autoAnswer": true,\n "doNotDisturb": false,\n "hideIdentity": false,\n "callersFile": "callers"\n}\n',
    );
    expect(JSON.parse((await at('config', 'show')).out)).toMatchObject({
      policy: { autoAnswer: true },
      control: { port: 0 },
    });
    expect(await at('config', 'set', 'media.audioDscp', '8')).toMatchObject({
      out: 'after the next start: media.audioDscp\n',
    });
    expect(await at('config', 'set', 'log.level', 'loud')).toMatchObject({
      code: 2,
      err: expect.stringMatching(
        /^dashvoip: .*log\.level: found "loud", expected "error" or "warn".*\n$/,
      ),
    });
    expect(await at('log', 'debug', 'sipp')).toMatchObject({
      code: 2,
      err: expect.stringMatching(
        /^dashvoip: area: found "sipp", expected one of account, agent, .*\n$/,
      ),
    });
    expect((await at('events', '0', '1')).out).toMatch(/number +at +type +param\n1 /);
    agent.child.kill('SIGHUP');
    await expect
      .poll(agent.log, IN_TIME)
      .toMatch(/area=configuration msg="reloaded" applied="" restart="" reopened=""/);
  });

  it('that wants a key is commanded with it alone', async () => {
    const keyFile = join(folder, 'key');
    writeFileSync(keyFile, 'a key of many letters\n', { mode: 0o600 });
    const { control } = await run({ control: { port: 0, keyFile } });
    const status = (...args: string[]): Promise<Result> =>
      dashvoip('status', '--control', control, ...args);
    expect(await status()).toEqual({
      code: 1,
      out: '',
      err: `dashvoip: the agent at ${control} wants a key; give its file with --key FILE\n`,
    });
    writeFileSync(join(folder, 'other'), 'another key altogether\n');
    expect(await status('--key', join(folder, 'other'))).toMatchObject({ code: 1, out: '' });
    expect(await status('--key', join(folder, 'none'))).toMatchObject({
      code: 1,
      err: expect.stringMatching(
        /^dashvoip: --key: expected a file that can be read, found ENOENT/,
      ),
    });
    const { code, out } = await status('--key', keyFile);
    expect([code, out]).toEqual([0, expect.stringContaining('no call')]);
  });

  it('shows its secrets nowhere, whoever asks and however much is logged', async () => {
    const secrets = ['account-secret-7Gq', 'control-secret-of-some-length-2Xw', 'mqtt-secret-9Lk'];
    const [password = '', key = '', broker = ''] = secrets;
    const passwordFile = join(folder, 'mqtt.password');
    writeFileSync(passwordFile, `${broker}\n`, { mode: 0o600 });
    const keyFile = join(folder, 'secret.key');
    writeFileSync(keyFile, `${key}\n`, { mode: 0o600 });
    // Nobody is there: what is told of that could quote what was sent.
    const nobody = `127.0.0.1:${await freePort()}`;
    const agent = await run({
      account: { uri: `sip:car@${nobody}`, registrar: `sip:${nobody}`, username: 'car', password },
      control: { port: 0, key },
      mqtt: { url: `mqtt://${nobody}`, device: 'car-17', username: 'car', passwordFile },
      web: { port: 0 },
      log: { level: 'debug' },
    });
    const at = (...words: string[]): Promise<Result> =>
      dashvoip(...words, '--control', agent.control, '--key', keyFile);
    await at('call', `sip:someone:${password}@${nobody}`);
    const asked = [
      ...[['status'], ['status', '--json'], ['history'], ['events', '0'], ['trace', '--text']],
      ...[
        ['config', 'show'],
        ['config', 'get', 'account'],
        ['config', 'get', 'control'],
      ],
      ...[
        ['config', 'get', 'account.password'],
        ['config', 'set', 'account.realm', 'a realm'],
      ],
    ];
    const told = await Promise.all(asked.map((words) => at(...words)));
    const { port } = JSON.parse((await at('status', '--json')).out).web;
    const paths = ['configuration', 'commands', 'schema/configuration'];
    const page = await Promise.all(
      paths.map(async (path) => (await fetch(`http://127.0.0.1:${port}/api/${path}`)).text()),
    );
    const all = JSON.stringify([told, page, agent.log()]);
    expect(all).toContain('username');
    expect(all).toContain('sip:someone:***@');
    for (const secret of secrets) expect(all).not.toContain(secret);
  });

  it('opens and closes the web page while a call is up', async () => {
    const [caller, callee] = await Promise.all([
      run({ state: { directory: '/proc/nowhere' } }),
      run({ policy: { autoAnswer: true } }),
    ]);
    const at = (...args: string[]): Promise<Result> =>
      dashvoip(...args, '--control', caller.control);
    await at('call', `sip:${callee.sip}`);
    const status = async () => JSON.parse((await at('status', '--json')).out);
    const isUp = async (): Promise<boolean> => (await status()).calls[0]?.state === 'active';
    await expect.poll(isUp, IN_TIME).toBe(true);
    expect(await at('config', 'set', 'web', '{"port":0}')).toMatchObject({
      code: 0,
      out: 'in force: web\nopened anew: web\n',
    });
    await expect.poll(async () => (await status()).web?.port, IN_TIME).toBeGreaterThan(0);
    const page = `http://127.0.0.1:${(await status()).web.port}/api/session`;
    expect((await fetch(page)).status).toBe(200);
    await at('config', 'set', 'web', 'null');
    await expect.poll(async () => fetch(page).catch(() => 'closed'), IN_TIME).toBe('closed');
    expect(await status()).not.toHaveProperty('web');
    expect(await isUp()).toBe(true);
    // No folder can be made there, which is told.
    expect((await status()).problems).toContainEqual(
      expect.stringMatching(/^history: kept in memory only: ENOENT/),
    );
  });

  it('makes a link for a guest, with a code to be scanned, where the page has a password', async () => {
    const passwordFile = join(folder, 'invite.password');
    writeFileSync(passwordFile, `${await recordOf('seven green lamps')}\n`, { mode: 0o600 });
    const bare = await run();
    const refused = await dashvoip('invite', '--control', bare.control);
    expect(refused).toEqual({
      ...{ code: 1, out: '' },
      err: 'dashvoip: expected a web page (setting web), found none\n',
    });
    const agent = await run({ log: { level: 'debug' }, web: { port: 0, passwordFile } });
    const at = (...args: string[]): Promise<Result> =>
      dashvoip(...args, '--control', agent.control);
    await expect.poll(async () => (await at('invite')).code, IN_TIME).toBe(0);
    const env = { ...process.env, LC_ALL: 'C.UTF-8' };
    const words = [PROGRAM, 'invite', '--for', '90s', '--control', agent.control];
    const out = execFileSync(process.execPath, words, { encoding: 'utf8', env });
    const [link = '', term, ...code] = out.trimEnd().split('\n');
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#\/invitation\/[\w-]{22}$/);
    expect(term).toMatch(/^good once, until 2\d{3}-.*Z: /);
    expect(scanned(code, DARK)).toBe(link);
    const reply = JSON.parse((await at('invite', '--json')).out);
    expect(reply).toEqual({
      urls: [expect.stringContaining('/#/invitation/')],
      until: expect.any(String),
    });
    const told = [
      (await at('status', '--json')).out,
      (await at('events', '--json')).out,
      agent.log(),
    ];
    expect(told[0]).toContain('"invitations":');
    for (const text of told) {
      for (const url of [link, ...reply.urls]) expect(text).not.toContain(url.split('/').pop());
    }
  });

  it('is watched until it stops', async () => {
    const agent = await run();
    const child = spawn(process.execPath, [PROGRAM, 'watch', '--control', agent.control]);
    running.push(child);
    let out = '';
    child.stdout.on('data', (text) => {
      out += String(text);
    });
    await expect.poll(() => out, IN_TIME).toContain('no call\n');
    agent.child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(out).toMatch(/stopping\n$/);
  });

  it('is watched on a terminal, which changes its size and is left as it was', async () => {
    const [agent, other] = await Promise.all([run(), run({ policy: { autoAnswer: true } })]);
    const { pages, order, ended } = watchOnTerminal(agent.control, 80, 24);
    await expect.poll(() => pages.lines[23], IN_TIME).toBe(' q quit  a answer  h hang up');
    expect(pages.lines[0]).toMatch(/^dashvoip \S+ {2}up 0:\d\d +\d\d:\d\d:\d\d UTC$/);
    expect(pages.text).toContain('no call');
    await dashvoip('call', `sip:${other.sip}`, '--control', agent.control);
    // How good it sounds is the machine's; that it is said is ours.
    await expect.poll(() => pages.text, IN_TIME).toMatch(/^call 1: active .*\n {2}MOS +[1-4]\.\d/m);
    await expect.poll(() => pages.text, IN_TIME).toMatch(/^events\n\d\d:\d\d:\d\d {2}call: /m);
    pages.resize(120, 40);
    order('size', 120, 40);
    await expect.poll(() => pages.lines[39], IN_TIME).toBe(' q quit  a answer  h hang up');
    expect(pages.lines[0]).toMatch(/UTC$/);
    expect(pages.lines[0]?.length).toBe(119);
    expect(pages.lines[23]).not.toContain('quit');
    order('keys', 'h');
    await expect.poll(() => pages.text, IN_TIME).toMatch(/hung up here/);
    order('keys', 'q');
    expect(await ended).toEqual({ code: 0, left: 'as it was\n' });
    expect([pages.isAlternate, pages.isCursorShown, pages.text]).toEqual([false, true, '']);
    expect(pages.unknown).toEqual([]);
  });

  it.each([
    ['SIGTERM', 0, ''],
    ['gone', 1, 'dashvoip: no dashvoip agent answers at '],
  ] as const)('leaves the terminal as it was: %s', async (how, code, said) => {
    const agent = await run();
    const { pages, order, ended } = watchOnTerminal(agent.control, 80, 24);
    await expect.poll(() => pages.isAlternate, IN_TIME).toBe(true);
    if (how === 'gone') agent.child.kill('SIGKILL');
    else order('signal', constants.signals[how]);
    expect(await ended).toEqual({ code, left: 'as it was\n' });
    expect([pages.isAlternate, pages.isCursorShown]).toEqual([false, true]);
    expect(pages.text.slice(0, said.length)).toBe(said);
  });

  it('that is the second on the command port says so in one line', async () => {
    const { control } = await run();
    const port = Number(control.split(':')[1]);
    const second = await dashvoip('run', '--config', configFile({ control: { port } }));
    expect(second).toEqual({
      code: 1,
      out: '',
      err: `dashvoip: cannot listen for commands on UDP ${control}: it is in use: is another agent running?\n`,
    });
  });

  it('that is the second on the SIP port says so in one line', async () => {
    const { sip } = await run();
    const port = Number(sip.split(':')[1]);
    const config = configFile({ sip: { address: '127.0.0.1', port } });
    const second = await dashvoip('run', '--config', config);
    expect(second).toEqual({
      code: 1,
      out: '',
      err: `dashvoip: UDP ${sip} is in use: is another agent running?\n`,
    });
  });

  it('with a wrong configuration names everything that is wrong', async () => {
    const config = configFile({ sip: { prot: 1 }, log: { level: 'loud' } });
    expect(await dashvoip('run', '--config', config)).toEqual({
      code: 1,
      out: '',
      err:
        `dashvoip: configuration: ${config}: sip.prot: found an unknown key, expected one of address, port, transports, tls, sessionExpires, reliableProvisional; did you mean "port"?\n` +
        `dashvoip: configuration: ${config}: log.level: found "loud", expected "error" or "warn" or "info" or "debug"\n`,
    });
  });

  it('with a transport that this build has not says so in one line, and what to do', async () => {
    const beside = join(folder, 'no-sctp');
    mkdirSync(beside);
    for (const name of ['dashvoip.node', 'libnetfifo.so'])
      symlinkSync(join(ROOT, 'dist', name), join(beside, name));
    const config = configFile({ sip: { address: '127.0.0.1', port: 0, transports: ['sctp'] } });
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [PROGRAM, 'run', '--config', config],
      { encoding: 'utf8', env: { ...process.env, DASHVOIP_ADDON: join(beside, 'dashvoip.node') } },
    );
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^dashvoip: sip\.transports names "sctp": expected a build that has it, found "[^"]*no-sctp\/dashvoip-sctp\.node: [^"]*"; build with -DDASHVOIP_SCTP=ON [^\n]*\n$/,
    );
  });

  it('survives an address that is not there yet, and says so', async () => {
    const config = configFile({
      sip: { address: '192.0.2.1', port: 0 },
      control: { port: await freePort() },
    });
    const child = spawn(process.execPath, [PROGRAM, 'run', '--config', config]);
    running.push(child);
    const { port } = JSON.parse(execFileSync('cat', [config], { encoding: 'utf8' })).control;
    const status = async (): Promise<string> =>
      (await dashvoip('status', '--control', `127.0.0.1:${port}`)).out;
    await expect.poll(status, IN_TIME).toMatch(/problems\n {2}sip: cannot bind UDP 192\.0\.2\.1:0/);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

describe('config schema', () => {
  it('is one that takes what the agent takes, and refuses what it refuses', async () => {
    const { code, out } = await dashvoip('config', 'schema');
    expect(code).toBe(0);
    const validate = new Ajv({ strict: false }).compile(JSON.parse(out));
    expect(validate({ sip: { port: 5062 }, log: { target: 'both' } })).toBe(true);
    expect(validate({ sip: { port: 'x' } })).toBe(false);
  });
});

describe('version', () => {
  it('names features and libraries', async () => {
    const { code, out } = await dashvoip('version', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      features: { alsa: expect.any(Boolean), libraries: expect.any(Object) },
      sctp: expect.any(Boolean),
    });
    expect((await dashvoip('version')).out).toMatch(/^dashvoip \d/);
  });
});
