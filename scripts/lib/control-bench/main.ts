import { mkdirSync, rmSync } from 'node:fs';
import { Mosquitto } from '../../../test/toolkit/peers/mosquitto';
import { PortBlock } from '../../../test/toolkit/process/ports';
import { FOLDER, withScene } from '../flood/scene';
import { endWith, optionsOf } from '../options';
import { formatTable, Progress } from '../terminal';
import { REST_HEAD, runAtRest, SIZE_HEAD, sizes, type WaysIn } from './at-rest';
import { LOAD_HEAD, runUnderLoad } from './under-load';

const USAGE = 'usage: scripts/bench --control [--seconds N]';

async function main(): Promise<void> {
  const seconds = readSeconds();
  const progress = new Progress();
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const load = await withScene('control', undefined, (scene) =>
    runUnderLoad(scene, seconds, progress),
  );
  const ports = await PortBlock.take();
  const broker = await Mosquitto.start({ folder: FOLDER, port: ports.next() });
  const rest = await runAtRest(waysIn(broker.port), seconds, progress);
  await broker.stop();
  ports.release();
  show(LOAD_HEAD, load);
  show(REST_HEAD, rest);
  show(SIZE_HEAD, sizes());
  process.exit(0);
}

function waysIn(brokerPort: number): WaysIn {
  const web = { web: { port: 0 } };
  const mqtt = { mqtt: { url: `mqtt://127.0.0.1:${brokerPort}`, device: 'bench' } };
  return [
    ['commands by UDP alone', {}],
    ['and the web page', web],
    ['and MQTT', mqtt],
    ['and both', { ...web, ...mqtt }],
  ];
}

function show(head: readonly string[], rows: readonly string[][]): void {
  const align = head.map((_, column) => (column === 0 ? 'left' : 'right'));
  console.log(`\n${formatTable([head, ...rows], align)}`);
}

function readSeconds(): number {
  const { values } = optionsOf(USAGE, {
    options: { control: { type: 'boolean' }, seconds: { type: 'string', default: '10' } },
  });
  const seconds = Number(values.seconds);
  if (!(seconds >= 1)) endWith(USAGE, `--seconds: expected 1 or more, found ${values.seconds}`);
  return seconds;
}

await main();
