import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { pcapOf } from '../../../src/cli/trace/pcap';
import type { TraceReply } from '../../../src/control';

type Message = TraceReply['dialogs'][number]['messages'][number];

const folder = mkdtempSync(join(tmpdir(), 'dashvoip-pcap-'));
afterAll(() => rmSync(folder, { recursive: true }));

const TEXT = 'OPTIONS sip:bob@192.0.2.7 SIP/2.0\r\nCall-ID: ä\r\n\r\n';

function message(more: Partial<Message> = {}): Message {
  return {
    number: 1,
    at: '2026-11-23T05:36:28.055Z',
    direction: 'out',
    from: '192.0.2.1:5060',
    to: '192.0.2.7:5070',
    transport: 'UDP',
    summary: '',
    octets: 1,
    text: TEXT,
    ...more,
  };
}

/** What tcpdump reads out of it. */
function read(...messages: Message[]): string {
  const file = join(folder, 'trace.pcap');
  writeFileSync(file, pcapOf(messages));
  const words = ['-nn', '-vv', '-S', '-tttt', '-A', '-r', file];
  const env = { ...process.env, TZ: 'UTC' };
  return execFileSync('tcpdump', words, { encoding: 'utf8', env, stdio: 'pipe' });
}

describe('a capture of a trace, as tcpdump reads it', () => {
  it('has time, addresses, ports and the message, with right sums', () => {
    const text = read(message());
    expect(text).toContain('2026-11-23 05:36:28.055000 IP (');
    expect(text).toContain('192.0.2.1.5060 > 192.0.2.7.5070: [udp sum ok]');
    expect(text).toContain('OPTIONS sip:bob@192.0.2.7 SIP/2.0');
    expect(text).not.toMatch(/bad|truncated/i);
  });

  it('has IPv6 in all its spellings', () => {
    const pair = (from: string, to: string) => read(message({ from, to }));
    expect(pair('[2001:db8::1]:5060', '[::1]:5070')).toContain(
      '2001:db8::1.5060 > ::1.5070: [udp sum ok]',
    );
    expect(pair('[::]:1', '[fe80::2%eth0]:2')).toContain('::.1 > fe80::2.2: [udp sum ok]');
    expect(pair('[1:2:3:4:5:6:7:8]:1', '[1::8]:2')).toContain('1:2:3:4:5:6:7:8.1 > 1::8.2:');
    expect(pair('[::ffff:192.0.2.1]:1', '[1::]:2')).toContain('::ffff:192.0.2.1.1 > 1::.2:');
    // An address that is not known any more stands beside one that is.
    expect(pair('0.0.0.0:0', '[1::]:2')).toContain('::ffff:0.0.0.0.0 > 1::.2: [udp sum ok]');
  });

  it('has streams whose octets count on', () => {
    const tcp = { transport: 'TCP' } as const;
    const back = { from: '192.0.2.7:5070', to: '192.0.2.1:5060', ...tcp };
    const length = Buffer.byteLength(TEXT);
    const text = read(message(tcp), message(back), message(tcp), message({ ...tcp, text: 'x' }));
    expect(text.match(/cksum 0x[\da-f]+ \(correct\)/g)).toHaveLength(4);
    const spans = [...text.matchAll(/seq (\d+):(\d+), ack (\d+)/g)].map((m) =>
      m.slice(1, 4).map(Number),
    );
    const [first = [], answer = [], second = [], third = []] = spans;
    expect((first[1] ?? 0) - (first[0] ?? 0)).toBe(length);
    expect(second[0]).toBe(first[1]);
    expect(third[0]).toBe(second[1]);
    expect((second[2] ?? 0) - (answer[0] ?? 0)).toBe(length);
  });

  it('is empty and right without a message, and takes the longest', () => {
    expect(read()).toBe('');
    const text = read(message({ text: 'x'.repeat(8 * 1024 * 3 + 1) }));
    expect(text).toContain('[udp sum ok]');
  });
});
