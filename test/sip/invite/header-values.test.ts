import { describe, expect, it } from 'vitest';
import { readDtmf } from '../../../src/sip/invite/dtmf-info';
import { rackOf, reliableNumber } from '../../../src/sip/invite/reliable-fields';
import { sessionExpiresOf } from '../../../src/sip/invite/session-expires';
import {
  createRequest,
  createResponse,
  type HeaderList,
  NameAddr,
  parseSipUri,
  Via,
} from '../../../src/sip/message';

const uri = parseSipUri('sip:bob@example.org');
const request = (headers: HeaderList = []) =>
  createRequest('PRACK', uri, {
    via: new Via('UDP', '10.0.0.1', 5060),
    from: new NameAddr(undefined, uri).withTag('a'),
    to: new NameAddr(undefined, uri),
    callId: 'c',
    cseq: 2,
    headers,
  });

describe('RAck', () => {
  it.each([
    ['776656 1 INVITE', { responseNumber: 776656, sequence: 1, method: 'INVITE' }],
    [' 1 \t 2147483647  INVITE ', { responseNumber: 1, sequence: 2147483647, method: 'INVITE' }],
    ['x1 1 INVITE', undefined],
    ['1 1 INVITE x', undefined],
    ['1 1', undefined],
    ['', undefined],
  ])('"%s"', (text, expected) => {
    expect(rackOf(request([['RAck', text]]))).toEqual(expected);
  });

  it('that is absent is none', () => {
    expect(rackOf(request())).toBeUndefined();
  });
});

describe('RSeq', () => {
  it.each([
    [183, '988789', '100rel', 988789],
    [183, ' 1 ', '100REL', 1],
    [183, '4294967295', '100rel', 4294967295],
    [183, '4294967296', '100rel', undefined],
    [183, '0', '100rel', undefined],
    [183, '12x', '100rel', undefined],
    [183, 'x12', '100rel', undefined],
    [183, '12', 'timer', undefined],
    [100, '12', '100rel', undefined],
  ])('of a %d, "%s" with Require: %s', (status, rseq, require, expected) => {
    const headers: HeaderList = [
      ['Require', require],
      ['RSeq', rseq],
    ];
    expect(reliableNumber(createResponse(request(), status, { headers }))).toBe(expected);
  });

  it('that is absent is none', () => {
    const headers: HeaderList = [['Require', '100rel']];
    expect(reliableNumber(createResponse(request(), 183, { headers }))).toBeUndefined();
  });
});

describe('Session-Expires', () => {
  it.each([
    ['1800 ; refresher = uas', { intervalS: 1800, refresher: 'uas' }],
    ['1800;REFRESHER=UAC', { intervalS: 1800, refresher: 'uac' }],
    ['1800;by=uac', { intervalS: 1800, refresher: undefined }],
    ['1800;refresher=both', { intervalS: 1800, refresher: undefined }],
  ])('"%s"', (text, expected) => {
    expect(sessionExpiresOf(request([['Session-Expires', text]]))).toEqual(expected);
  });
});

describe('a key in INFO', () => {
  it.each([
    ['Signal=5\r\nDuration=250\r\n', { digit: '5', durationMs: 250 }],
    ['\r\n\r\nsignal = d \n\nDURATION= 40', { digit: 'D', durationMs: 40 }],
    ['Signal=10', { digit: '*', durationMs: 160 }],
    ['Signal=11\r\nDuration=0', { digit: '#', durationMs: 160 }],
    ['Signal=15\r\nDuration=60000', { digit: 'D', durationMs: 6000 }],
    ['Signal=1\r\nDuration=soon', { digit: '1', durationMs: 160 }],
    ['Signal=16', undefined],
    ['Signal=110', undefined],
    ['Signal=210', undefined],
    ['Signal=', undefined],
  ])('%j', (body, expected) => {
    expect(readDtmf('application/dtmf-relay', body)).toEqual(expected);
  });

  it('may be the whole body, and is in no other', () => {
    expect(readDtmf('Application/DTMF', ' 7 ')).toEqual({ digit: '7', durationMs: 160 });
    expect(readDtmf('text/plain', '7')).toBeUndefined();
  });
});
