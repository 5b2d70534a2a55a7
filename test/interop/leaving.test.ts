import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = resolve('build/test/interop/leaving');

/** A name server that hears and says nothing: the system's look-up waits ten seconds and more for it. */
const LOOK_UP_MS = 10_000;
const MUTE = `
const socket = require('dgram').createSocket('udp4');
const note = (name) => require('fs').writeFileSync(name, '');
socket.bind(53, '127.0.0.53', () => note('mute'));
socket.on('message', () => note('asked'));
setTimeout(() => process.exit(), 60000);`;

const SCRIPT = `
ip link set lo up
echo 'nameserver 127.0.0.53' >resolv.conf
mount --bind resolv.conf /etc/resolv.conf || exit 99
node -e "$MUTE" & mute=$!
until [ -e mute ]; do sleep 0.1; done
: >log
node "$BUNDLE" run --config config.json 2>log & agent=$!
until grep -q ready log && [ -e asked ]; do sleep 0.1; done
before=$(date +%s%N)
kill -TERM $agent
wait $agent
echo "$? $((($(date +%s%N) - before) / 1000000))"
kill $mute`;

describe.skipIf(process.getuid?.() !== 0)('leaving (as root)', () => {
  it('waits for no name look-up that hangs, and ends as it should', () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const config = {
      sip: { address: '127.0.0.1', port: 0 },
      control: { port: 0 },
      account: { uri: 'sip:car@nowhere.example', registrar: 'sip:nowhere.example' },
      media: { microphone: { kind: 'null' }, speaker: { kind: 'null' }, video: 'none' },
      camera: { link: 'none' },
    };
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
    const { stdout, stderr } = spawnSync('unshare', ['--mount', '--net', 'sh', '-c', SCRIPT], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, MUTE, BUNDLE: resolve('dist/dashvoip.cjs') },
      timeout: 60_000,
    });
    const [code, ms] = stdout.trim().split(' ').map(Number);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    // Some two seconds where nothing else runs; who waits for the look-up takes what is left of it.
    expect(ms).toBeLessThan(LOOK_UP_MS - 2000);
  }, 70_000);
});
