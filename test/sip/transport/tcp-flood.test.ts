import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/platform';
import { TcpTransport } from '../../../src/sip/transport';
import { VirtualClock } from '../../support/virtual-clock';

/** Real sockets of many addresses of the loopback, and time limits on a virtual clock. */
const sockets: Socket[] = [];
const transports: TcpTransport[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const transport of transports.splice(0)) await transport.close();
});

const MOST = 32;

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 2));
};

const text = (user: string, length: number | string = 0) =>
  `OPTIONS sip:${user}@127.0.0.1 SIP/2.0\r\nContent-Length: ${length}\r\n\r\n`;

/** A transport, and whom its messages are for. */
const bound = async () => {
  const clock = new VirtualClock();
  const transport = await TcpTransport.bind('127.0.0.1', 0, clock, silentLogger);
  transports.push(transport);
  const heard: string[] = [];
  transport.listen((bytes) =>
    heard.push(/sip:(\w+)@/.exec(Buffer.from(bytes).toString())?.[1] ?? ''),
  );
  const dial = (localAddress: string): Socket => {
    const socket = connect({ host: '127.0.0.1', port: transport.port, localAddress });
    socket.on('error', () => undefined);
    sockets.push(socket);
    return socket;
  };
  /** Somebody who is nobody of the flood, and has to be heard. */
  const callerIsHeard = async (): Promise<void> => {
    const name = `caller${heard.length}`;
    const caller = dial('127.0.0.99');
    caller.write(text(name));
    await until(() => heard.includes(name));
    caller.end();
    await until(() => caller.closed);
  };
  return { clock, transport, heard, dial, callerIsHeard };
};

const areLeft = (some: readonly Socket[]) => some.filter((socket) => !socket.closed).length;

/** Address and host numbers of many who are not the caller. */
const host = (index: number): string => `127.0.1.${1 + (index % 50)}`;

describe('a flood of connections', () => {
  it('of a thousand that say nothing leaves room for who says something', async () => {
    const { transport, dial, callerIsHeard } = await bound();
    const silent = Array.from({ length: 1000 }, (_, index) => dial(host(index)));
    await until(() => transport.counters.refused >= 1000 - MOST);
    await callerIsHeard();
    await until(() => areLeft(silent) <= MOST);
    expect(transport.counters.refused).toBe(1000 - MOST + 1);
  });

  it('that dribble an octet a second holds nobody up, and is over in ten', async () => {
    const { clock, heard, dial, callerIsHeard } = await bound();
    const slow = Array.from({ length: 40 }, (_, index) => dial(host(index)));
    for (let second = 0; second < 11; second++) {
      for (const socket of slow) if (!socket.destroyed) socket.write('O');
      await callerIsHeard();
      clock.advance(1000);
    }
    await until(() => areLeft(slow) === 0);
    expect(heard).toHaveLength(11);
  });

  it('of one address is eight, whatever they say, and no one else’s loss', async () => {
    const { transport, heard, dial, callerIsHeard } = await bound();
    const talkers: Socket[] = [];
    for (let index = 0; index < 20; index++) {
      const talker = dial('127.0.0.66');
      talkers.push(talker);
      talker.write(text(`talker${index}`));
      await until(() => heard.includes(`talker${index}`) || talker.closed);
    }
    await callerIsHeard();
    expect(areLeft(talkers)).toBe(8);
    expect(transport.counters.refused).toBe(12);
  });
});

describe('a message', () => {
  it.each([2 ** 31, 2 ** 31 - 1, 2 ** 53, '9'.repeat(1000)])(
    'that announces %s octets closes its connection at once',
    async (length) => {
      const { heard, dial, callerIsHeard } = await bound();
      const boaster = dial('127.0.0.66');
      boaster.write(text('boaster', length));
      await until(() => boaster.closed);
      await callerIsHeard();
      expect(heard).toEqual(['caller0']);
    },
  );

  it('whose connection closes before its end is none, and leaves nothing behind', async () => {
    const { clock, heard, dial, callerIsHeard } = await bound();
    for (let index = 0; index < 100; index++) {
      const cut = dial(host(index));
      cut.end(text('cut', 500).slice(0, index + 1));
      await until(() => cut.closed);
    }
    await callerIsHeard();
    expect(heard).toEqual(['caller0']);
    await until(() => clock.pendingTimers === 0);
  });
});
