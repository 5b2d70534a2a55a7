import { describe, expect, it } from 'vitest';
import { isPassword, parseRecord, recordOf } from '../../src/platform';

// RFC 7914 §12: N = 1024, r = 8, p = 16, "password", "NaCl"; 64 octets.
const RFC_7914 = Buffer.from(
  'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640',
  'hex',
);

describe('a password’s record', () => {
  it('tells the password from others, and does not hold it', async () => {
    const line = await recordOf('correct horse');
    expect(line).toMatch(/^\$scrypt\$ln=13,r=8,p=10\$[\w+/]{22}\$[\w+/]{43}$/);
    const record = parseRecord(`${line}\n`) ?? expect.fail('it is none');
    expect(await isPassword(record, 'correct horse')).toBe(true);
    expect(await isPassword(record, 'correct horsf')).toBe(false);
    expect(await recordOf('correct horse')).not.toBe(line);
  });

  it('is that of RFC 7914', async () => {
    const cost = { ln: 10, r: 8, p: 16 };
    const record = { ...cost, salt: Buffer.from('NaCl'), hash: RFC_7914 };
    expect(await isPassword(record, 'password')).toBe(true);
  });

  it.each([
    '',
    'password',
    '$scrypt$ln=13,r=8,p=10$YWJjZGVmZ2hpams',
    '$scrypt$ln=0,r=8,p=1$YWJjZGVmZ2hpamts$YWJjZGVmZ2hpamtsbW5vcA',
    // Would take a gigabyte, and days.
    '$scrypt$ln=20,r=8,p=1$YWJjZGVmZ2hpamts$YWJjZGVmZ2hpamtsbW5vcA',
    '$scrypt$ln=16,r=8,p=99$YWJjZGVmZ2hpamts$YWJjZGVmZ2hpamtsbW5vcA',
    '$2b$12$abcdefghijklmnopqrstuv',
  ])('is not %j', (line) => {
    expect(parseRecord(line)).toBeUndefined();
  });
});
