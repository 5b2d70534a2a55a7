import { afterEach, describe, expect, it } from 'vitest';
import { COMMANDS, CommandServer } from '../../../src/control';
import { silentLogger } from '../../../src/platform';
import { startedBench } from '../../agent/fakes';
import { CameraServer } from '../../toolkit/peers/camera-server';
import { CommandClient } from '../../toolkit/peers/command-client';
import { controlOf } from '../fakes';

const FIRST = 3000;
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** An agent behind a stand-in of the camera's own server, and an app that knows that one alone. */
async function behindCamera() {
  const all = await startedBench();
  const server = await CommandServer.open({
    control: controlOf(all),
    address: '127.0.0.1',
    port: 0,
    firstId: FIRST,
    isBehindRelay: true,
    log: silentLogger,
  });
  closers.push(() => server.close());
  const camera = await CameraServer.open(server.port, [FIRST, FIRST + COMMANDS.length - 1]);
  closers.push(() => camera.close());
  const app = await CommandClient.open(camera.port);
  closers.push(() => app.close());
  return { ...all, app };
}

describe('through the camera’s own command server', () => {
  it('the app calls, is told, and asks the camera for other things as before', async () => {
    const { app, userAgent } = await behindCamera();
    expect(await app.request(1)).toMatchObject({ rval: 0, msg_id: 1 });
    expect(await app.request(FIRST)).toMatchObject({ rval: 0, param: { version: '1.2.3' } });
    const param = { uri: 'sip:phone@192.0.2.9' };
    expect(await app.request(FIRST + 1, { param })).toMatchObject({
      rval: 0,
      msg_id: FIRST + 1,
      param: { call: 1 },
    });
    userAgent.sessions[0]?.pickUp();
    await expect
      .poll(() => app.notifications.map(({ type, param }) => [type, Object(param).state]))
      .toEqual([
        ['voip_call', 'dialing'],
        ['voip_call', 'active'],
      ]);
    expect(await app.request(FIRST + 4)).toMatchObject({ rval: 0 });
    expect(await app.request(4711)).toMatchObject({ rval: -23 });
  });

  it('a token of an earlier session is the camera’s to refuse', async () => {
    const { app, userAgent } = await behindCamera();
    expect(await app.request(FIRST + 1, { token: 99, param: { uri: 'sip:a@192.0.2.9' } })).toEqual({
      rval: -4,
      msg_id: FIRST + 1,
    });
    expect(userAgent.sessions).toHaveLength(0);
  });
});
