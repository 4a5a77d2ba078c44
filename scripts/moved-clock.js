import module from 'node:module';

// Moves the clock of a Node process: `node --import=…/moved-clock.js?days=3`. With RECOURSE_TEST_DAYS=3 every process of
// a test imports this, and so does every one that it starts. Other programs keep the time of the machine; to pages the
// sandbox is ahead (apps/server/tests/browser/launch.ts). It is JavaScript, since npm itself may run on an old Node.
const ms = Number(new URL(import.meta.url).searchParams.get('days')) * 86_400_000;
if (!Number.isSafeInteger(ms)) throw new Error('RECOURSE_TEST_DAYS takes a number of days.');

const machineNow = Date.now;
Date.now = () => machineNow() + ms;
globalThis.Date = new Proxy(Date, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [target.now()] : args, newTarget),
  apply: () => new Date().toString(),
});

// A Node without hooks runs npm, and no server.
module.registerHooks?.({
  load: (url, context, next) => {
    const loaded = next(url, context);
    if (!/\/postgres-store\.[jt]s$/.test(url)) return loaded;
    return { ...loaded, source: movePostgres(Buffer.from(loaded.source).toString()) };
  },
});

/** The one statement that asks PostgreSQL for the time: a server compares it with its own. */
function movePostgres(source) {
  const asked = 'select clock_timestamp() as now';
  if (!source.includes(asked))
    throw new Error('postgres-store.ts asks PostgreSQL in other words now');
  return source.replace(asked, `select clock_timestamp() + interval '${ms} milliseconds' as now`);
}
