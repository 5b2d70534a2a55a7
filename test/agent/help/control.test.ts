import { describe, expect, it } from 'vitest';
import { readControl, refusalOf } from '../../../src/agent/help/control';

const NAMESPACE = 'xmlns="urn:ietf:params:xml:ns:EmergencyCallData:control"';
const control = (inside: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<EmergencyCallData.Control ${NAMESPACE}>${inside}</EmergencyCallData.Control>`;

describe('what an emergency service wants', () => {
  it.each([
    ['<ack received="true" ref="1@x"/>', [{ kind: 'ack', received: true }]],
    ["<ack ref='1@x' received='1' ></ack>", [{ kind: 'ack', received: true }]],
    ['<ack ref="1@x" received="false"/>', [{ kind: 'ack', received: false }]],
    ['<ack ref="1@x"><actionResult action="a" success="true"/></ack>', [{ kind: 'ack' }]],
    [
      '<request action="send-data" datatype="eCall.MSD"/>',
      [{ kind: 'request', action: 'send-data', dataType: 'eCall.MSD' }],
    ],
    [
      '<!-- <request action="a"/> --><request\n action="msg-dynamic" int-id="3"><text>b</text></request>',
      [{ kind: 'request', action: 'msg-dynamic', dataType: '' }],
    ],
    ['<requested action="a"/>', []],
    ['', []],
  ])('is read: %s', (inside, expected) => {
    expect(readControl(control(inside))).toEqual(expected);
  });

  it('may have a prefix, and is nothing in other documents', () => {
    const prefixed =
      '<c:EmergencyCallData.Control xmlns:c="urn:x"><c:ack ref="a" received="true"/></c:EmergencyCallData.Control>';
    expect(readControl(prefixed)).toEqual([{ kind: 'ack', received: true }]);
    expect(readControl('<ack ref="a" received="true"/>')).toEqual([]);
    expect(readControl('no document')).toEqual([]);
  });

  it('is read in little time, whatever it is', () => {
    const long = control(`<ack ${'a="b" '.repeat(20_000)}`);
    expect(readControl(long)).toEqual([]);
    expect(readControl(control('<!--'.repeat(20_000)))).toEqual([]);
  });
});

describe('what is not done', () => {
  it('is said, by the name of what asked for it', () => {
    expect(refusalOf(['lamp', 'a"<'], 'x&y@z')).toContain(
      '<ack ref="x&#38;y@z"><actionResult action="lamp" success="false" reason="unsupported"/><actionResult action="a&#34;&#60;" success="false" reason="unsupported"/></ack>',
    );
  });
});
