import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { HostMachine } from '../../../src/probe/readers/machine';

const folder = mkdtempSync(join(tmpdir(), 'dashvoip-machine-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the machine we run on', () => {
  it('gives texts, bytes, names and links', () => {
    const machine = new HostMachine();
    writeFileSync(join(folder, 'a'), 'hello');
    symlinkSync('/dev/null', join(folder, 'b'));
    expect(machine.text(join(folder, 'a'))).toBe('hello');
    expect([...(machine.bytes(join(folder, 'a')) ?? [])]).toEqual([...Buffer.from('hello')]);
    expect([...machine.names(folder)].sort()).toEqual(['a', 'b']);
    expect(machine.link(join(folder, 'b'))).toBe('/dev/null');
    expect(machine.space(folder)?.totalKb).toBeGreaterThan(0);
    expect(machine.unread()).toEqual([]);
  });

  it('reads files that have no size', () => {
    expect(new HostMachine().text('/proc/self/status')).toMatch(/^Name:.*\nVmRSS:/s);
  });

  it('cuts texts off that are too long', () => {
    writeFileSync(join(folder, 'long'), 'x'.repeat((1 << 20) + 10));
    expect(new HostMachine().text(join(folder, 'long'))?.length).toBe(1 << 20);
  });

  it('opens no device, which could wait for ever', () => {
    expect(new HostMachine().text('/dev/zero')).toBeUndefined();
  });

  it('has nothing of what is not there, and says what it could not read', () => {
    const machine = new HostMachine();
    expect(machine.text(join(folder, 'none'))).toBeUndefined();
    expect(machine.names(join(folder, 'none'))).toEqual([]);
    expect(machine.link(join(folder, 'none'))).toBeUndefined();
    expect(machine.unread()).toEqual([]);
    mkdirSync(join(folder, 'd'), { recursive: true });
    expect(machine.link(join(folder, 'd'))).toBeUndefined();
    expect(machine.unread()).toEqual([{ path: join(folder, 'd'), why: 'EINVAL' }]);
  });

  it('knows its addresses, and no MAC address', () => {
    const addresses = new HostMachine().addresses();
    expect(addresses).toContainEqual({ name: 'lo', family: 'IPv4', address: '127.0.0.1' });
    expect(addresses.flatMap((each) => Object.keys(each))).not.toContain('mac');
  });
});
