import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { networkTraces, TRACE_FOLDER, traceText } from './traces';

mkdirSync(TRACE_FOLDER, { recursive: true });
for (const trace of networkTraces()) {
  const path = join(TRACE_FOLDER, `${trace.name}.trace`);
  writeFileSync(path, traceText(trace));
  console.log(path);
}
