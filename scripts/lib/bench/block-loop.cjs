// Loaded into the agent by `node --require`: keeps its event loop busy for 500 ms out of every 700 ms. The media
// plane must not notice.
const BUSY_MS = 500;
const PAUSE_MS = 200;

function block() {
  const end = process.hrtime.bigint() + BigInt(BUSY_MS * 1e6);
  while (process.hrtime.bigint() < end);
  setTimeout(block, PAUSE_MS).unref();
}

setTimeout(block, 1000).unref();
