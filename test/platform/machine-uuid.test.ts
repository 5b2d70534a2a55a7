import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { machineUuid } from '../../src/platform';

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

const machine = (files: Readonly<Record<string, string>>): string => {
  const root = mkdtempSync(join(tmpdir(), 'dashvoip-machine-'));
  roots.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
};
const net = (name: string, address: string) => ({
  [`sys/class/net/${name}/address`]: `${address}\n`,
});

describe('the UUID of a machine', () => {
  it('is one of version 5, and the same at every start', () => {
    const root = machine({ 'etc/machine-id': '0123456789abcdef0123456789abcdef\n' });
    const uuid = machineUuid('x', root);
    expect(uuid).toMatch(/^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(machineUuid('x', root)).toBe(uuid);
    expect(machineUuid('y', root)).not.toBe(uuid);
    expect(uuid.replaceAll('-', '')).not.toContain('0123456789');
  });

  it.each([
    ['machine-id', { 'etc/machine-id': 'a' }, { 'etc/machine-id': 'b' }],
    [
      'serial number',
      { 'proc/device-tree/serial-number': 'a\0' },
      { 'proc/device-tree/serial-number': 'b\0' },
    ],
    ['hardware address', net('wlan0', '00:11:22:33:44:55'), net('wlan0', '00:11:22:33:44:56')],
  ] as const)('tells two machines apart by their %s', (_, one, other) => {
    expect(machineUuid('x', machine(one))).toBe(machineUuid('x', machine(one)));
    expect(machineUuid('x', machine(one))).not.toBe(machineUuid('x', machine(other)));
  });

  it('minds no address that comes and goes: the loopback’s, and made up ones', () => {
    const real = net('wlan0', '00:11:22:33:44:55');
    const more = {
      ...real,
      ...net('lo', '00:00:00:00:00:00'),
      ...net('rndis0', '02:00:00:00:00:01'),
    };
    expect(machineUuid('x', machine(more))).toBe(machineUuid('x', machine(real)));
  });
});
