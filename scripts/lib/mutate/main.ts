import { parseArgs } from 'node:util';
import { formatTable } from '../terminal';
import type { Score } from './fault';
import { nativeFaults } from './native';
import { typeScriptFaults } from './typescript';

/** The rooms in which a fault that nobody notices would cost a call. */
const FOLDERS = ['sip', 'sdp', 'agent', 'control', 'config', 'native'];

const { values, positionals: asked } = parseArgs({
  options: { sample: { type: 'string' }, seed: { type: 'string', default: '1' } },
  allowPositionals: true,
});
const sample =
  values.sample === undefined ? undefined : { percent: values.sample, seed: values.seed };
const scores: Score[] = [];
for (const folder of asked.length > 0 ? asked : FOLDERS) {
  const [room, name] = folder.split('/');
  if (room === 'native') scores.push(await nativeFaults(name));
  else for await (const score of typeScriptFaults(folder, sample)) scores.push(score);
}
const rows = scores.map(({ folder, faults, noticed, lived }) => {
  const tried = noticed + lived.length;
  const share = tried > 0 ? (100 * noticed) / tried : 100;
  return [
    folder,
    `${faults}`,
    `${tried}`,
    `${noticed}`,
    `${lived.length}`,
    `${share.toFixed(1)} %`,
  ];
});
for (const { lived } of scores) for (const fault of lived) console.log(`lived: ${fault}`);
console.log(
  formatTable(
    [['folder', 'faults', 'tried', 'noticed', 'lived', 'score'], ...rows],
    ['left', 'right', 'right', 'right', 'right', 'right'],
  ),
);
