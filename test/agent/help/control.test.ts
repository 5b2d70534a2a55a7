import { describe, expect, it } from 'vitest';
import { capabilities, readControl, refusalOf } from '../../../src/agent/help/control';

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
    // Those of capabilities ask for nothing.
    ['<capabilities><request action="send-data" supported-values="eCall.MSD"/></capabilities>', []],
    ['', []],
  ])('is read: %s', (inside, expected) => {
    expect(readControl(control(inside))).toEqual(expected);
  });

  it('may have a prefix, and is nothing in other documents', () => {
    const prefixed =
      '<c:EmergencyCallData.Control xmlns:c="urn:x"><c:ack ref="a" received="true"/></c:EmergencyCallData.Control>';
    expect(readControl(prefixed)).toEqual([{ kind: 'ack', received: true }]);
    expect(() => readControl('<ack ref="a" received="true"/>')).toThrow('found <ack>, expected');
    expect(() => readControl('no document')).toThrow();
  });

  it('is read in little time, whatever it is', () => {
    const long = control(`<ack ${'a="b" '.repeat(20_000)}`);
    expect(() => readControl(long)).toThrow('at most 65536 characters');
    expect(() => readControl(control('<!--'.repeat(10_000)))).toThrow();
    expect(() => readControl(control('<a>'.repeat(10_000)))).toThrow('at most 32 levels');
  });
});

describe('what is not done', () => {
  it('is said, by the name of what asked for it', () => {
    const refused = [
      { action: 'lamp', reason: 'unsupported' },
      { action: 'a"<', reason: 'data-unsupported' },
    ] as const;
    expect(refusalOf(refused, 'x&y@z')).toContain(
      '<ack ref="x&#38;y@z"><actionResult action="lamp" success="false" reason="unsupported"/><actionResult action="a&#34;&#60;" success="false" reason="data-unsupported"/></ack>',
    );
  });
});

describe('what a car can do', () => {
  it('is to send its data, and no more', () => {
    expect(capabilities()).toContain(
      '<EmergencyCallData.Control xmlns="urn:ietf:params:xml:ns:EmergencyCallData:control"><capabilities><request action="send-data" supported-values="eCall.MSD"/></capabilities></EmergencyCallData.Control>',
    );
    // Well-formed, as an emergency service would see it.
    expect(readControl(capabilities())).toEqual([]);
  });
});
