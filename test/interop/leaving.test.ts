import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = resolve('build/test/interop/leaving');

/** A name server that hears and says nothing: the system's look-up waits ten seconds and more for it. */
const MUTE = `
const socket = require('dgram').createSocket('udp4');
socket.bind(53, '127.0.0.53', () => require('fs').writeFileSync('mute', ''));
setTimeout(() => process.exit(), 60000);`;

const SCRIPT = `
ip link set lo up
echo 'nameserver 127.0.0.53' >resolv.conf
mount --bind resolv.conf /etc/resolv.conf || exit 99
node -e "$MUTE" & mute=$!
until [ -e mute ]; do sleep 0.1; done
node "$BUNDLE" run --config config.json 2>log & agent=$!
until grep -q ready log; do sleep 0.1; done
sleep 0.5
before=$(date +%s%N)
kill -TERM $agent
wait $agent
echo "$? $((($(date +%s%N) - before) / 1000000))"
kill $mute`;

describe.skipIf(process.getuid?.() !== 0)('leaving (as root)', () => {
  it('takes three seconds at most while a name look-up hangs, and ends as it should', () => {
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
    expect(ms).toBeLessThan(3000);
  }, 70_000);
});
