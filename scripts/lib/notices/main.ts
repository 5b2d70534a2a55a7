// Writes THIRD-PARTY.txt: `npx tsx scripts/lib/notices/main.ts`; test/package/notices.test.ts tells when that is due.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { thirdPartyNotices } from './notices';

writeFileSync(resolve(import.meta.dirname, '../../../THIRD-PARTY.txt'), await thirdPartyNotices());
