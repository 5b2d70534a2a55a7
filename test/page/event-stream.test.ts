import { describe, expect, it } from 'vitest';
import { EventStreamParser } from '../../src/page/api/event-stream';

describe('an event stream', () => {
  it('is understood however it is cut into pieces', () => {
    const text =
      'retry: 2000\n\nevent: call\nid: 7.ab\ndata: {"a":1}\n\n: comment\n\nevent: status\ndata: x\ndata: y\n\n';
    for (let length = 1; length < text.length; length += 1) {
      const parser = new EventStreamParser();
      const events = [];
      for (let start = 0; start < text.length; start += length) {
        events.push(...parser.push(text.slice(start, start + length)));
      }
      expect(events).toEqual([
        { type: 'call', id: '7.ab', data: '{"a":1}' },
        { type: 'status', data: 'x\ny' },
      ]);
    }
  });

  it('may end its lines otherwise, and leave the type and the blank out', () => {
    expect(new EventStreamParser().push('data:one:two\r\n\r\n')).toEqual([
      { type: 'message', data: 'one:two' },
    ]);
  });

  it('gives nothing before an event is whole', () => {
    const parser = new EventStreamParser();
    expect(parser.push('data: 1\n')).toEqual([]);
    expect(parser.push('\n')).toEqual([{ type: 'message', data: '1' }]);
  });
});
