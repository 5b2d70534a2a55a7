import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { CommandClient, CommandException, NoAgentException } from '../../../src/cli/command-client';
import { CommandServer, MAX_SESSIONS } from '../../../src/control';
import { silentLogger, systemRandom } from '../../../src/platform';
import { type Bench, startedBench } from '../../agent/fakes';
import { controlOf } from '../fakes';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serve(all: Bench, port = 0): Promise<CommandServer> {
  const server = await CommandServer.open({
    control: { ...controlOf(all), random: systemRandom },
    address: '127.0.0.1',
    port,
    log: silentLogger,
  });
  closers.push(() => server.close());
  return server;
}

async function connect(server: CommandServer): Promise<CommandClient> {
  const client = await CommandClient.connect('127.0.0.1', server.port);
  closers.push(() => client.close());
  return client;
}

async function rawSocket(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  closers.push(() => socket.close());
  return socket;
}

describe('the command server', () => {
  it('answers each datagram with one, without a terminator', async () => {
    const server = await serve(await startedBench());
    const socket = await rawSocket();
    socket.send('{"token":0,"msg_id":257}\n', server.port, '127.0.0.1');
    const [datagram] = await once(socket, 'message');
    expect(String(datagram)).toMatch(/^\{"rval":0,"msg_id":257,"param":[1-9]\d*\}$/);
  });

  it('serves a client whose session gave way to others', async () => {
    const server = await serve(await startedBench());
    const client = await connect(server);
    for (let count = 0; count < 2 * MAX_SESSIONS; count++) {
      const socket = await rawSocket();
      socket.send('{"token":0,"msg_id":257}', server.port, '127.0.0.1');
      await once(socket, 'message');
    }
    expect(await client.command('status')).toMatchObject({ version: '1.2.3' });
  });

  it('serves a client: commands, refusals, notifications', async () => {
    const all = await startedBench();
    const client = await connect(await serve(all));
    const told: unknown[] = [];
    client.onNotification = (type, param) => told.push([type, param]);
    expect(await client.command('call', { uri: 'sip:phone@192.0.2.9' })).toEqual({ call: 1 });
    await expect(client.command('call', { uri: 'sip:a@b' })).rejects.toBeInstanceOf(
      CommandException,
    );
    await expect(client.command('hold')).rejects.toThrow('no call is up and not held');
    all.userAgent.sessions[0]?.pickUp();
    all.engine.events.emit('device', 'speaker', false, 'gone');
    all.engine.setCamera('idle');
    await client.command('status');
    expect(told).toEqual([
      ['call', expect.objectContaining({ call: 1, state: 'dialing' })],
      ['call', expect.objectContaining({ call: 1, state: 'active' })],
      ['device', { device: 'speaker', open: false, error: 'gone' }],
      ['camera', { state: 'idle' }],
    ]);
  });

  it('tells all sessions and none that stopped', async () => {
    const all = await startedBench();
    const server = await serve(all);
    const told: string[] = [];
    const clients = await Promise.all([connect(server), connect(server), connect(server)]);
    clients.forEach((client, index) => {
      client.onNotification = (type) => told.push(`${index} ${type}`);
    });
    await clients[1]?.close();
    all.engine.setCamera('idle');
    await clients[0]?.command('status');
    await clients[2]?.command('status');
    expect(told.sort()).toEqual(['0 camera', '2 camera']);
  });

  it('survives noise and counts it', async () => {
    const server = await serve(await startedBench());
    const socket = await rawSocket();
    for (const noise of ['', '\0', '\xff\xfe', '{', 'x'.repeat(2000), '{"rval":0}']) {
      socket.send(Buffer.from(noise, 'latin1'), server.port, '127.0.0.1');
    }
    const client = await connect(server);
    expect(await client.command('status')).toMatchObject({ version: '1.2.3' });
    expect(server.counters).toMatchObject({ received: 8, answered: 5, ignored: 3 });
  });

  it('cannot be opened twice on one port', async () => {
    const all = await startedBench();
    const server = await serve(all);
    await expect(serve(all, server.port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('says goodbye before it closes', async () => {
    const all = await startedBench();
    const server = await serve(all);
    const client = await CommandClient.connect('127.0.0.1', server.port);
    const goodbye = new Promise((resolve) => {
      client.onNotification = (type) => resolve(type);
    });
    await all.agent.stop();
    await server.close();
    closers.length = 0;
    expect(await goodbye).toBe('stopping');
    await client.close();
  });
});

describe('the client', () => {
  it('says when nobody is there', async () => {
    const socket = await rawSocket();
    const { port } = socket.address();
    socket.close();
    closers.length = 0;
    await expect(CommandClient.connect('127.0.0.1', port)).rejects.toBeInstanceOf(NoAgentException);
    await expect(CommandClient.connect('127.0.0.1', port)).rejects.toThrow(
      `no dashvoip agent answers at 127.0.0.1:${port}; start one with "dashvoip run"`,
    );
  });

  it('ignores what is no reply to it', async () => {
    const socket = await rawSocket();
    socket.on('message', (_datagram, { port }) => {
      for (const text of [
        'noise',
        '5',
        '{"rval":0,"msg_id":1}',
        '{"rval":0,"msg_id":257,"id":99,"param":8}',
        '{"rval":0,"msg_id":257,"id":1,"param":9}',
      ]) {
        socket.send(text, port, '127.0.0.1');
      }
    });
    const client = await CommandClient.connect('127.0.0.1', socket.address().port);
    closers.push(() => client.close());
    await expect(client.command('status', undefined, 50)).rejects.toBeInstanceOf(NoAgentException);
  });
});

describe('notifications', () => {
  it('cover every event of the agent', async () => {
    const all = await startedBench({
      account: { uri: 'sip:car@example.org', registrar: 'sip:example.org' },
    });
    const client = await connect(await serve(all));
    const told: string[] = [];
    client.onNotification = (type) => told.push(type);
    all.userAgent.registrations[0]?.become('registered', '', 300);
    all.agent.call('sip:phone@192.0.2.9');
    all.userAgent.sessions[0]?.pickUp();
    all.clock.advance(5000);
    all.agent.events.emit('ready', 5);
    all.engine.events.emit('device', 'microphone', true, '');
    all.engine.setCamera('idle');
    all.engine.events.emit('dtmf', 1, '5', 160);
    all.agent.events.emit('stopping');
    await client.command('status');
    expect(new Set(told)).toEqual(
      new Set([
        'registration',
        'call',
        'silence',
        'dtmf',
        'quality',
        'ready',
        'device',
        'camera',
        'stopping',
      ]),
    );
  });
});
