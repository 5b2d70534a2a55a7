import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runTool } from '../toolkit/process/process';
import { waitUntil } from '../toolkit/process/wait';
import { Stage } from './support/stage';

const stage = await Stage.open('record');
const card = join(stage.folder, 'card');
const agent = await stage.agent({
  cameraSocket: stage.cameraSocket,
  sections: { record: { folder: card, floorMb: 0, format: 'mp4' } },
});
const phone = await stage.baresip('phone', { video: 'receive' });

/** What FFmpeg finds in a file, a line for each stream. */
async function streamsOf(path: string): Promise<string[]> {
  const found = await runTool({
    name: 'ffprobe (record)',
    command: 'ffprobe',
    args: [
      ...['-loglevel', 'error', '-count_packets', '-of', 'csv=p=0'],
      ...['-show_entries', 'stream=codec_name,width,channels,nb_read_packets', path],
    ],
    logPath: join(stage.folder, 'ffprobe.log'),
  });
  return found.trim().split('\n');
}

describe('a recording', () => {
  it('of a call has both voices and the picture, can be played while it grows, and stands in the history', async () => {
    await stage.camera([], { film: { name: 'camera-small.h264', fps: 30 } });
    await agent.untilCamera('streaming');
    await agent.call(phone.uri);
    await agent.until('active');
    const refused = await agent.agent.run('record', 'start');
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toMatch(/is the card in/);
    mkdirSync(card);
    let path = '';
    await waitUntil(
      'a file',
      async () => {
        path = (await agent.status()).recordings[0]?.file ?? '';
        return path !== '';
      },
      20_000,
    );
    expect(path).toMatch(/dashvoip-\d{8}-\d{6}-call1\.mp4$/);
    const [picture = '', sound = ''] = await streamsOf(path);
    expect(picture).toMatch(/^h264,\d+,\d+$/);
    expect(sound).toMatch(/^pcm_s16le,2,\d+$/);
    await agent.hangup();
    await agent.untilIdle();
    expect((await agent.status()).recent[0]?.recordings).toEqual([path]);
  });
});
