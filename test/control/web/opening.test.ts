import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { configSchema } from '../../../src/config';
import { COMMANDS, carryOut, type StatusReply } from '../../../src/control';
import { openWeb, type WebOptions } from '../../../src/control/web';
import { silentLogger } from '../../../src/platform';
import { startedBench } from '../../agent/fakes';
import { controlOf } from '../fakes';

const folder = mkdtempSync(join(tmpdir(), 'dashvoip-opening-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function opening(tls: WebOptions['tls']) {
  const bench = await startedBench();
  const control = controlOf(bench);
  const surface = openWeb({
    ...{ control, commands: COMMANDS, carryOut, configurationSchema: configSchema },
    ...{ log: silentLogger, pageFolder: folder, address: '127.0.0.1', port: 0, tls },
  });
  const problems = async (): Promise<readonly string[]> => {
    const [status] = COMMANDS;
    const outcome = status && (await carryOut(status, {}, control, silentLogger));
    return outcome?.kind === 'done' ? (outcome.reply as StatusReply).problems : [];
  };
  return { ...bench, control, surface, problems };
}

describe('a page that is being opened', () => {
  it('says at once what it waits for, and keeps nobody waiting for a card that hangs', async () => {
    const certificateFile = join(folder, 'hangs');
    execFileSync('mkfifo', [certificateFile]);
    const keyFile = join(folder, 'key');
    const { clock, surface, problems } = await opening({ kind: 'file', certificateFile, keyFile });
    const waiting = [
      `web: not open: it is being opened: ${certificateFile} and ${keyFile} are being read`,
    ];
    expect(await problems()).toEqual(waiting);
    clock.advance(1000);
    const web = await surface;
    expect(await problems()).toEqual(waiting);
    // Whatever comes then is no certificate.
    writeFileSync(certificateFile, 'none');
    await expect.poll(problems).toEqual([expect.stringMatching(/^web: not open: ENOENT.*key/)]);
    await web.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it('keeps no certificate below /proc, and is open all the same', async () => {
    const { control, surface, problems } = await opening({
      ...{ kind: 'self-made', directory: '/proc/nowhere' },
    });
    const web = await surface;
    expect(control.surfaces.web?.()).toMatchObject({
      detail: '',
      fingerprint: expect.stringMatching(/^[\dA-F:]{95}$/),
    });
    expect(await problems()).toEqual([]);
    await web.close();
  });
});
