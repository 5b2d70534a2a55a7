import {
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  X509Certificate,
} from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { type LineFile, type Logger, lineFileAt, type Random, selfSigned } from '../../platform';

/** How the page is encrypted; paths are absolute. */
export type Tls =
  | { readonly kind: 'none' }
  | { readonly kind: 'file'; readonly certificateFile: string; readonly keyFile: string }
  /** Kept in `directory`; made for `names`. */
  | { readonly kind: 'self-made'; readonly directory: string };

/** Key and certificate, PEM. */
export interface Credentials {
  readonly key: string;
  readonly cert: string;
}

/** @throws Error in words when a file cannot be read or used */
export async function credentialsOf(
  tls: Tls,
  names: readonly string[],
  random: Random,
  log: Logger,
): Promise<Credentials | undefined> {
  switch (tls.kind) {
    case 'none':
      return undefined;
    case 'file':
      return fromFiles(tls.certificateFile, tls.keyFile);
    case 'self-made':
      return selfMade(join(tls.directory, 'web'), names, random, log);
  }
}

/** SHA-256 of the certificate, as browsers show it. */
export function fingerprintOf({ cert }: Credentials): string {
  return new X509Certificate(cert).fingerprint256;
}

/** When it runs out. */
export function expiresOf({ cert }: Credentials): Date {
  return new Date(new X509Certificate(cert).validTo);
}

async function fromFiles(certificateFile: string, keyFile: string): Promise<Credentials> {
  // One after the other: of two files that are not there it is always the first that is named.
  const cert = await readFile(certificateFile, 'utf8');
  const key = await readFile(keyFile, 'utf8');
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${certificateFile} and ${keyFile} are no certificate and its key: ${reason}`);
  }
  return { cert, key };
}

/**
 * The device's own, made once and kept beside `base`; with other names a new certificate of the same key.
 * @param base path without `.key` and `.crt`; undefined where nothing is kept.
 */
export async function selfMade(
  base: string | undefined,
  names: readonly string[],
  random: Random,
  log: Logger,
): Promise<Credentials> {
  if (base === undefined) {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const cert = selfSigned(privateKey, names, random.bytes(16));
    return { key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })), cert };
  }
  const keyFile = lineFileAt(`${base}.key`);
  const certificateFile = lineFileAt(`${base}.crt`);
  const kept = await keptKey(keyFile);
  const key = kept ?? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const keyText = String(key.export({ type: 'pkcs8', format: 'pem' }));
  if (!kept) await keep(keyFile, keyText, log);
  const cert = await textIn(certificateFile);
  if (isFor(cert, key, names)) return { key: keyText, cert };
  const made = selfSigned(key, names, random.bytes(16));
  await keep(certificateFile, made, log);
  return { key: keyText, cert: made };
}

async function keptKey(file: LineFile): Promise<KeyObject | undefined> {
  try {
    return createPrivateKey(await textIn(file));
  } catch {
    // None yet, or torn: a new one is made.
    return undefined;
  }
}

async function textIn(file: LineFile): Promise<string> {
  // What cannot be read is made anew, and writing it says why not.
  return (await file.read().catch(() => undefined)) ?? '';
}

async function keep(file: LineFile, text: string, log: Logger): Promise<void> {
  try {
    await file.replace(text);
  } catch (error) {
    log.warn('the certificate is not kept: it will be another one after the next start', {
      error: error instanceof Error ? error.message : String(error),
    });
  }
}

/** Whether it is a certificate of that key for all the names. */
function isFor(cert: string, key: KeyObject, names: readonly string[]): boolean {
  try {
    const certificate = new X509Certificate(cert);
    return (
      certificate.checkPrivateKey(key) &&
      names.every((name) => certificate.checkHost(name) ?? certificate.checkIP(name))
    );
  } catch {
    // None yet, or torn: a new one is made.
    return false;
  }
}
