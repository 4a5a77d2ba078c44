import { globSync, rmSync, statSync } from 'node:fs';

// TypeScript 7.0.2 keeps the first declaration that it made of a JSON file, whatever the file says later
// (github.com/microsoft/TypeScript/issues/64025). So what it remembers of the texts goes when a catalogue is newer.
const texts = 'packages/texts';
const remembered = `${texts}/dist/.tsbuildinfo`;
const changedAt = (path: string): number =>
  statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
const catalogues = globSync(`${texts}/src/catalogues/*/*.json`);
if (catalogues.some((path) => changedAt(path) > changedAt(remembered))) rmSync(remembered);
