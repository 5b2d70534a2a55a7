import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import type { SecureContext } from 'node:tls';
import { type Random, selfSigned } from '../../platform';
import type { TlsPolicy } from './tls-policy';

type Tls = typeof import('node:tls');

/** PEM files of a certificate, those that vouch for it behind it, and of its private key. */
export interface TlsIdentityFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** RFC 8996 has done with what came before. */
export const LEAST_VERSION = 'TLSv1.2';

/** Where systems keep the authorities that they trust: Debian and Buildroot, Fedora, Alpine. */
const SYSTEM_CA_FILES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/cert.pem',
];

interface Kept {
  /** Of the files that it is made of. */
  readonly stamp: string;
  readonly context: SecureContext;
}

/** What TLS connections are made with; files are read again when they have changed, as when a certificate is renewed. */
export class TlsContexts {
  readonly #tls: Tls;
  readonly #files: TlsIdentityFiles | undefined;
  readonly #selfMade: { readonly key: string; readonly cert: string } | undefined;
  readonly #kept = new Map<string, Kept>();

  /** Without files the agent makes itself a certificate for the connections that others open. */
  constructor(tls: Tls, files: TlsIdentityFiles | undefined, random: Random) {
    this.#tls = tls;
    this.#files = files;
    if (!files) this.#selfMade = selfMade(random);
  }

  /** For connections that others open. @throws Error in words when a file cannot be used */
  server(): SecureContext {
    return this.#contextOf('server', this.#identityPaths, () => this.#identity ?? {});
  }

  /** For ours. @throws Error in words when a file cannot be used */
  client(policy: TlsPolicy): SecureContext {
    const caFile = trustOf(policy);
    const paths = [...(caFile === undefined ? [] : [caFile]), ...this.#identityPaths];
    return this.#contextOf(`client ${caFile}`, paths, () => ({
      // One of our own making says nothing to a server that asks for it.
      ...(this.#files ? this.#identity : {}),
      // Undefined: those that Node has brought.
      ...(caFile === '' ? { ca: [] } : caFile === undefined ? {} : { ca: readFileSync(caFile) }),
    }));
  }

  /** PEM of our own certificate, with what vouches for it behind it. @throws Error when it cannot be read */
  get certificate(): string {
    return this.#files
      ? readFileSync(this.#files.certificateFile, 'utf8')
      : (this.#selfMade?.cert ?? '');
  }

  get isSelfMade(): boolean {
    return this.#files === undefined;
  }

  get #identityPaths(): string[] {
    return this.#files ? [this.#files.certificateFile, this.#files.keyFile] : [];
  }

  get #identity(): { key: string; cert: string } | undefined {
    if (!this.#files) return this.#selfMade;
    return { cert: this.certificate, key: readFileSync(this.#files.keyFile, 'utf8') };
  }

  #contextOf(name: string, paths: readonly string[], made: () => object): SecureContext {
    const files = paths.filter((path) => path !== '');
    try {
      const stamp = files.map((path) => statSync(path).mtimeMs).join(' ');
      const kept = this.#kept.get(name);
      if (kept?.stamp === stamp) return kept.context;
      const context = this.#tls.createSecureContext({ minVersion: LEAST_VERSION, ...made() });
      this.#kept.set(name, { stamp, context });
      return context;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`TLS cannot use ${files.join(' and ')}: ${reason}`);
    }
  }
}

/** The file of authorities, '' where none is asked, undefined for those that Node has brought. */
function trustOf({ verify, fingerprints, caFile }: TlsPolicy): string | undefined {
  if (!verify || fingerprints) return '';
  return caFile ?? SYSTEM_CA_FILES.find((path) => existsSync(path));
}

function selfMade(random: Random): { key: string; cert: string } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return { key, cert: selfSigned(privateKey, ['dashvoip'], random.bytes(16)) };
}
