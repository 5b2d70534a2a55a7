import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { savePicture } from '../../../test/toolkit/measure/video-receiver';
import { memoryUse } from '../../../test/toolkit/process/proc-stats';
import { optionsOf } from '../options';
import { formatTable, Progress } from '../terminal';
import { makeCalls } from './calls';
import { type Figures, workOut } from './figures';
import { writeReport } from './report';
import { Scene } from './scene';

const USAGE = 'usage: scripts/demo [--json] [--keep DIR]';

async function main(): Promise<void> {
  const options = readOptions();
  const progress = new Progress();
  try {
    const figures = await demonstrate(options.folder, progress);
    console.log(`\n${textTable(figures)}\n\nreport: ${join(options.folder, 'report.html')}`);
    const { result } = figures;
    if (options.json) console.log(JSON.stringify(result));
    process.exit(result.ok ? 0 : 1);
  } catch (error) {
    progress.done();
    const message = error instanceof Error ? error.message : String(error);
    console.error(`demo: ${message} (logs: ${join(options.folder, 'logs')})`);
    if (options.json) console.log(JSON.stringify({ ok: false, error: message }));
    process.exit(1);
  }
}

function readOptions(): { json: boolean; folder: string } {
  const { values } = optionsOf(USAGE, {
    options: { json: { type: 'boolean', default: false }, keep: { type: 'string' } },
  });
  const from = process.env.DASHVOIP_CALLED_FROM ?? '.';
  const folder = values.keep === undefined ? resolve('build/demo') : resolve(from, values.keep);
  return { json: values.json, folder };
}

async function demonstrate(folder: string, progress: Progress): Promise<Figures> {
  progress.step('starting the camera’s stand-in, the agent and baresip');
  const scene = await Scene.open(folder);
  const record = await makeCalls(scene, progress);
  writeFileSync(
    join(folder, 'logs/status.json'),
    `${JSON.stringify({ calls: record.lastStatus, end: await scene.status() }, undefined, 2)}\n`,
  );
  const memory = memoryUse(scene.agent.process.pid);
  await scene.close();
  progress.step('measuring: speech, pictures, packets');
  const datagrams = await scene.capture.stop();
  scene.keepCapture();
  const figures = await workOut({ scene, datagrams, record, memory });
  await savePicture(figures.filmPath, join(folder, 'still.png'), join(folder, 'logs'));
  scene.keepFilm();
  await writeReport(folder, figures, record);
  const missing = ARTEFACTS.filter((name) => !existsSync(join(folder, name)));
  if (missing.length > 0) throw new Error(`not written: ${missing.join(', ')}`);
  return figures;
}

const ARTEFACTS = [
  'phone-heard.wav',
  'camera-played.wav',
  'video.mp4',
  'still.png',
  'report.html',
  'capture.pcap',
] as const;

function textTable(figures: Figures): string {
  const lines = figures.table.map(({ what, measured, wanted, kept }) => [
    what,
    measured,
    wanted,
    kept === undefined ? '' : kept ? 'kept' : 'MISSED',
  ]);
  return formatTable(
    [['what', 'measured', 'wanted', ''], ...lines],
    ['left', 'right', 'right', 'left'],
  );
}

await main();
