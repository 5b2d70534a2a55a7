import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of PEM files. */
export interface Certificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const CURVE = ['-pkeyopt', 'ec_paramgen_curve:P-256'];

/** An authority, and what it has signed. */
export class Authority {
  readonly #folder: string;
  readonly #name: string;

  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#name = name;
    mkdirSync(folder, { recursive: true });
    openssl(
      ...['req', '-x509', '-newkey', 'ec', ...CURVE, '-nodes', '-days', '400'],
      ...['-subj', `/CN=${name}`],
      ...['-keyout', this.#path(`${name}.key`), '-out', this.certificate],
    );
  }

  get certificate(): string {
    return this.#path(`${this.#name}.crt`);
  }

  /** A certificate for `subject`, good for `names` as "DNS:localhost,IP:127.0.0.1". */
  sign(subject: string, names: string, days = 365): Certificates {
    const [key, request, cert] = ['key', 'csr', 'crt'].map((kind) =>
      this.#path(`${subject}.${kind}`),
    ) as [string, string, string];
    const extensions = this.#path(`${subject}.ext`);
    writeFileSync(extensions, `subjectAltName=${names}\n`);
    openssl(
      ...['req', '-newkey', 'ec', ...CURVE, '-nodes', '-subj', `/CN=${subject}`],
      ...['-keyout', key, '-out', request],
    );
    openssl(
      ...[
        'x509',
        '-req',
        '-days',
        String(days),
        '-in',
        request,
        '-out',
        cert,
        '-extfile',
        extensions,
      ],
      ...['-CA', this.certificate, '-CAkey', this.#path(`${this.#name}.key`), '-CAcreateserial'],
    );
    return { ca: this.certificate, cert, key };
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' });
}
