import { describe, expect, it } from 'vitest';
import { parseDescription, SdpException } from '../../src/sdp';
import { sectionsOf } from '../../src/sdp/sections';
import { description } from './samples';

describe('a description is cut at its m= lines', () => {
  it('into the session and the media, each with its own lines', () => {
    const text = 'v=0\r\ns=-\r\nm=audio 1 RTP/AVP 8\r\na=ptime:20\r\nm=video 2 RTP/AVP 96\r\n';
    expect(sectionsOf(text)).toEqual({
      session: { head: '', lines: ['v=0', 's=-'] },
      media: [
        { head: 'audio 1 RTP/AVP 8', lines: ['a=ptime:20'] },
        { head: 'video 2 RTP/AVP 96', lines: [] },
      ],
    });
    expect(sectionsOf('')).toEqual({ session: { head: '', lines: [] }, media: [] });
  });

  const lines = (...raw: string[]): readonly string[] => sectionsOf(raw.join('\n')).session.lines;

  it('and what is no line is passed over', () => {
    expect(lines('a', 'a:b', 'ab=c', '=a', '`=x', '{=x', '0=x', ' =x', '\u00e4=x', '')).toEqual([]);
    expect(lines('a=x', 'z=0', 'A=x', 'Z=0')).toEqual(['a=x', 'z=0', 'a=x', 'z=0']);
  });

  it('and brought to one spelling', () => {
    expect(lines('  S =x', 's=  two   blanks\t\tand tabs ', 's=')).toEqual([
      's=two blanks and tabs',
      's=',
    ]);
    expect(lines('b=as:64', 'c=in ip4 h.example', 'c=IN IP6 ::A', 'c=x in ip4 y')).toEqual([
      'b=AS:64',
      'c=IN IP4 h.example',
      'c=IN IP6 ::A',
      'c=x in ip4 y',
    ]);
    expect(lines('a=SendRecv', 'a=RTPMAP : 8 PCMA/8000', 'a=:X', 'a=Tool:My: Tool')).toEqual([
      'a=sendrecv',
      'a=rtpmap:8 PCMA/8000',
      'a=:X',
      'a=tool:My: Tool',
    ]);
    const { media } = sectionsOf('m=AUDIO 5004 RTP/AVP 8\nM= Video 5006 Rtp/Avp 96');
    expect(media.map(({ head }) => head)).toEqual([
      'audio 5004 RTP/AVP 8',
      'video 5006 Rtp/Avp 96',
    ]);
  });
});

describe('what is no description is refused by name', () => {
  const problem = (text: string): string => {
    try {
      parseDescription(text);
    } catch (error) {
      if (error instanceof SdpException) return `${error.code}: ${error.message}`;
    }
    return 'taken';
  };

  it.each([
    ['', 'expected "v=0" as its first line, found nothing'],
    ['hello', 'expected "v=0" as its first line, found "hello"'],
    ['x'.repeat(90), `expected "v=0" as its first line, found "${'x'.repeat(80)}"`],
    ['v=1', 'expected "v=0", found "v=1"'],
    ['v=1\nm=audio 1 RTP/AVP 8', 'expected "v=0", found "v=1"'],
  ])('%j', (text, words) => {
    expect(problem(text)).toBe(`malformed: session description: ${words}`);
  });

  it('has 32 media lines at most', () => {
    const of = (count: number) => description(...Array(count).fill('m=audio 5004 RTP/AVP 8'));
    expect(problem(of(32))).toBe('taken');
    expect(problem(of(33))).toBe(
      'malformed: session description: expected at most 32 media lines, found 33',
    );
  });
});

describe('a media line', () => {
  const line = (...lines: string[]) => parseDescription(description(...lines)).media[0];

  it.each([
    ['65535', 65535],
    ['65536', 0],
    ['99999', 0],
    ['123456', 0],
    ['5004x', 0],
    ['x5004', 0],
    ['-5', 0],
    ['5004/2', 5004],
    ['', 0],
  ])('has the port %j: %i', (text, port) => {
    expect(line(`m=audio ${text} RTP/AVP 8`.replace('  ', ' '))?.port).toBe(port);
  });

  it('has a port of no use where it lists no format', () => {
    expect(line('m=audio 5004 RTP/AVP')).toMatchObject({ port: 0, formatList: '', formats: [] });
  });

  it('has the formats that are payload types, each once', () => {
    const formats = line('m=audio 5004 RTP/AVP 0 x8 8x 127 128 1000 -1 * 0 34')?.formats;
    expect(formats?.map(({ payloadType }) => payloadType)).toEqual([0, 127, 34]);
  });

  it('has a clock rate that is usual for its kind where none is said', () => {
    const rate = (media: string) =>
      line(`m=${media} 5004 RTP/AVP 99`, 'a=rtpmap:99 X')?.formats[0]?.clockRate;
    expect([rate('audio'), rate('video')]).toEqual([8000, 90_000]);
  });

  it.each([
    ['a=ptime:30', 30],
    ['a=ptime:0', undefined],
    ['a=ptime:-10', undefined],
    ['a=ptime:', undefined],
    ['a=ptime:x', undefined],
    ['a=sendrecv', undefined],
  ])('asks by %s for packets of %s ms', (attribute, ms) => {
    expect(line('m=audio 5004 RTP/AVP 8', attribute)?.ptimeMs).toBe(ms);
    expect(line('m=audio 5004 RTP/AVP 8', `a=max${attribute.slice(2)}`)?.maxptimeMs).toBe(ms);
  });

  it.each([
    ['a=rtcp:1', 1],
    ['a=rtcp:65535', 65535],
    ['a=rtcp:65536', 5005],
    ['a=rtcp:0', 5005],
  ])('has RTCP by %s at %i', (attribute, port) => {
    expect(line('m=audio 5004 RTP/AVP 8', attribute)?.remote.rtcpPort).toBe(port);
    // There is no port behind the last one.
    expect(line('m=audio 65535 RTP/AVP 8')?.remote.rtcpPort).toBe(65535);
  });

  it('names feedback with and without a parameter', () => {
    const lines = ['a=rtcp-fb:96 nack', 'a=rtcp-fb:* nack pli', 'a=rtcp-fb:96 ccm fir'];
    expect(line('m=video 5004 RTP/AVPF 96', ...lines)?.feedback).toEqual([
      'nack',
      'nack pli',
      'ccm fir',
    ]);
    expect(line('m=video 5004 RTP/AVPF 96')?.feedback).toEqual([]);
  });
});
