import { formatTable } from '../terminal';
import type { Score } from './fault';
import { nativeFaults } from './native';
import { typeScriptFaults } from './typescript';

/** The rooms in which a fault that nobody notices would cost a call. */
const FOLDERS = ['sip', 'sdp', 'agent', 'control', 'config', 'native'];

const asked = process.argv.slice(2);
const scores: Score[] = [];
for (const folder of asked.length > 0 ? asked : FOLDERS) {
  const [room, name] = folder.split('/');
  if (room === 'native') scores.push(await nativeFaults(name));
  else for await (const score of typeScriptFaults(folder)) scores.push(score);
}
const rows = scores.map(({ folder, noticed, lived }) => {
  const share = noticed + lived.length > 0 ? (100 * noticed) / (noticed + lived.length) : 100;
  return [folder, `${noticed}`, `${lived.length}`, `${share.toFixed(1)} %`];
});
for (const { lived } of scores) for (const fault of lived) console.log(`lived: ${fault}`);
console.log(
  formatTable(
    [['folder', 'noticed', 'lived', 'score'], ...rows],
    ['left', 'right', 'right', 'right'],
  ),
);
