// Runs before `npm start`, in whatever Node there is: an old one cannot read the TypeScript that would tell it.
const version = process.versions.node;
if (Number(version.split('.')[0]) < 24) {
  console.error(
    `Recourse runs on Node 24 or newer, and this is ${version}. npm ci brings its own Node unless it was run with ` +
      `--omit=optional, or on a platform for which npm has none: run npm ci again, or install Node 24.`,
  );
  process.exitCode = 1;
}
