import { writeFileSync } from 'node:fs';
import { cppHeaders } from './headers';

for (const { path, text } of cppHeaders()) {
  writeFileSync(path, text);
  console.log(path);
}
