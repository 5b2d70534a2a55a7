import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { constants, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { NmeaReceiver } from '../../../src/agent/help/nmea-receiver';
import type { Fix } from '../../../src/agent/help/shapes';
import { silentLogger } from '../../../src/platform';
import { WatchedClock } from '../../support/watched-clock';
import { waitUntil } from '../../toolkit/process/wait';

const MUNICH = '$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A\r\n';
const VANCOUVER = '$GPRMC,225446,A,4916.45,N,12311.12,W,000.5,054.7,191194,020.3,E*68\r\n';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** A receiver at that place, by a clock that the test moves. */
function receiverAt(place: string) {
  const clock = new WatchedClock();
  const fixes: Fix[] = [];
  const warned: string[] = [];
  const log = { ...silentLogger, warn: (words: string) => warned.push(words) };
  const receiver = new NmeaReceiver(place, { clock, log, onFix: (fix) => fixes.push(fix) });
  endings.push(() => receiver.close());
  /** Until something has come about, by a clock that is no faster than the world unless that is asked for. */
  const until = <Value>(what: string, probe: () => Value | undefined | false, stepMs = 25) =>
    waitUntil(what, () => {
      clock.advance(stepMs);
      return probe();
    });
  return { clock, fixes, warned, receiver, until };
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'dashvoip-nmea-'));
  endings.push(() => rm(path, { recursive: true }));
  return path;
}

/** The port that a socket was bound to. */
const portOf = (socket: { address(): unknown }): number => Object(socket.address()).port;

/** A server of sentences on loopback. */
async function serverOf(
  onClient: (socket: Socket) => void,
): Promise<{ server: Server; at: string }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onClient(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  endings.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { server, at: `tcp:127.0.0.1:${portOf(server)}` };
}

describe('a receiver on a serial line', () => {
  /** A pseudo terminal: what is written to the process comes in there, until it ends. */
  async function terminal(mode: string): Promise<{ path: string; process: ChildProcess }> {
    const child = spawn('script', ['-qfc', `stty ${mode} && tty && exec sleep 600`, '/dev/null']);
    endings.push(() => child.kill());
    let told = '';
    child.stdout.on('data', (octets) => {
      told += octets;
    });
    const path = await waitUntil('a terminal', () => /\/dev\/pts\/\d+/.exec(told)?.[0]);
    return { path, process: child };
  }

  it.each(['raw -echo', 'sane -echo'])('is heard (%s), and found again', async (mode) => {
    const { path, process } = await terminal(mode);
    const { fixes, receiver, until } = receiverAt(path);
    process.stdin?.write(MUNICH);
    await until('a fix', () => fixes.length === 1);
    expect(fixes[0]?.latitude).toBe(48.1173);
    expect(receiver.problem).toBeUndefined();
    process.kill('SIGKILL');
    await once(process, 'exit');
    expect(await until('its loss', () => receiver.problem, 1000)).toMatch(
      /^(EIO|nothing for 10 s)/,
    );
  });
});

describe('a receiver on a pipe', () => {
  async function pipe() {
    const path = join(await folder(), 'nmea');
    execFileSync('mkfifo', [path]);
    return path;
  }

  it('is heard, whoever writes into it', async () => {
    const path = await pipe();
    const { fixes, until } = receiverAt(path);
    for (const [place, line] of [MUNICH, VANCOUVER].entries()) {
      const file = await until('a reader', () => {
        try {
          return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
        } catch {
          return undefined;
        }
      });
      writeSync(file, line);
      await until('a fix', () => fixes.length > place);
    }
    expect(fixes.map(({ latitude }) => latitude)).toEqual([48.1173, 49.2741667]);
  });

  it('is left at once, though nobody ever writes', async () => {
    const { clock, receiver } = receiverAt(await pipe());
    receiver.close();
    await waitUntil('no timer', () => clock.pendingTimers === 0);
  });

  it('keeps nobody from the file system, however many there are', async () => {
    for (let count = 0; count < 8; count++) receiverAt(await pipe());
    // Each that waited would take one of the four threads that do this.
    expect((await stat('/')).isDirectory()).toBe(true);
  });
});

describe('what is no receiver', () => {
  it.each([
    ['/dev/tty99x', "ENOENT: no such file or directory, open '/dev/tty99x'"],
    ['/etc/hostname', 'it is neither a serial line nor a pipe'],
    ['tcp:127.0.0.1:1', 'connect ECONNREFUSED 127.0.0.1:1'],
    ['udp:192.0.2.77:9', 'bind EADDRNOTAVAIL 192.0.2.77:9'],
  ])('%s is a problem: %s', async (place, problem) => {
    const { receiver, until, warned } = receiverAt(place);
    expect(await until('a problem', () => receiver.problem)).toBe(problem);
    expect(warned).toEqual(['nmea: not heard']);
  });

  it('is tried again after 1, 2, 4 ... 60 s, and told of once in the log', async () => {
    const { clock, warned } = receiverAt('/nowhere/ttyS1');
    for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
      await waitUntil('the wait', () => clock.waits.at(-1) !== 10_000);
      expect(clock.waits.at(-1)).toBe(seconds * 1000);
      clock.advance(seconds * 1000 - 1);
      expect(clock.waits.at(-1)).toBe(seconds * 1000);
      clock.advance(1);
    }
    expect(warned).toEqual(['nmea: not heard']);
  });

  it('takes no more than it can hear: /dev/zero', async () => {
    const { receiver, until } = receiverAt('/dev/zero');
    expect(await until('a problem', () => receiver.problem, 500)).toMatch(
      /^no NMEA sentence for 10 s in \d+ octets: is the baud rate right\?$/,
    );
  });
});

describe('a receiver by UDP', () => {
  it('is heard: datagrams with and without an end, of several sentences, and of noise', async () => {
    const probe = createSocket('udp4').bind(0, '127.0.0.1');
    await once(probe, 'listening');
    const port = portOf(probe);
    probe.close();
    const { fixes, receiver, until } = receiverAt(`udp:127.0.0.1:${port}`);
    const sender = createSocket('udp4');
    endings.push(() => sender.close());
    const noise = Buffer.alloc(60_000, 0xff);
    for (const datagram of [noise, MUNICH.trim(), `$GPGSV\r\n${VANCOUVER}`, Buffer.of()]) {
      const before = fixes.length;
      await until('it to be taken', () => {
        sender.send(datagram, port, '127.0.0.1');
        return fixes.length > before || datagram.length === 0 || datagram === noise;
      });
    }
    expect(new Set(fixes.map(({ latitude }) => latitude))).toEqual(new Set([48.1173, 49.2741667]));
    expect(receiver.problem).toBeUndefined();
  });
});

describe('a receiver by TCP', () => {
  it('is heard, and connected to anew when the server ends', async () => {
    let clients = 0;
    const { at } = await serverOf((socket) => {
      clients += 1;
      socket.end(clients === 1 ? MUNICH : VANCOUVER);
    });
    const { fixes, receiver, until } = receiverAt(at);
    await until('the first fix', () => fixes.length === 1);
    expect(await until('the end', () => receiver.problem)).toBe(
      'the server has closed the connection',
    );
    await until('the second fix', () => fixes.length === 2);
    expect(fixes[1]?.latitude).toBe(49.2741667);
  });

  it('is asked, as gpsd wants it', async () => {
    const { at } = await serverOf((socket) => {
      socket.write('{"class":"VERSION","release":"3.22","proto_major":3,"proto_minor":14}\r\n');
      socket.on('data', (asked) => {
        if (String(asked) === '?WATCH={"enable":true,"nmea":true}\n') socket.write(MUNICH);
      });
    });
    const { fixes, until } = receiverAt(at);
    await until('a fix', () => fixes.length === 1);
  });

  it('may send a megabyte without an end, and binary: what follows is heard', async () => {
    const megabyte = Buffer.alloc(1_000_000, 0xb5);
    const { at } = await serverOf((socket) => {
      socket.write(megabyte);
      socket.write(`\nµb\n$GPRMC,*00\n${MUNICH}`);
    });
    const { fixes, until } = receiverAt(at);
    await until('a fix', () => fixes.length === 1);
  });

  it('that falls silent is a problem until it speaks again', async () => {
    const said: Socket[] = [];
    const { at } = await serverOf((socket) => {
      said.push(socket);
      socket.write(MUNICH);
    });
    const { clock, fixes, receiver, until } = receiverAt(at);
    await until('a fix', () => fixes.length === 1);
    clock.advance(10_000);
    expect(receiver.problem).toBe('nothing for 10 s');
    await until('a fix of a new connection', () => said.length === 2 && fixes.length === 2);
    expect(receiver.problem).toBeUndefined();
  });
});
