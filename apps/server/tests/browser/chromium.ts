import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium as playwright, type Browser } from 'playwright-core';

/**
 * The Chromium of the npm package, unpacked once a version for all runs on this machine. It is unpacked beside and then
 * moved, so that a run that was killed leaves no half of it.
 * @returns the folder in which it lies, with its libraries and fonts
 */
export async function chromiumFolder(): Promise<string> {
  const dir = join(tmpdir(), `recourse-chromium-${pinnedVersion()}`);
  if (!existsSync(dir)) await unpack(dir);
  return dir;
}

function pinnedVersion(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { devDependencies } = JSON.parse(manifest) as { devDependencies: Record<string, string> };
  return devDependencies['@sparticuz/chromium'] ?? '';
}

/** Fonts for scripts that a bare machine has no glyphs of: in tests and pictures alone, never in what is served. */
const fontFolders = (): string[] =>
  [
    new URL('../fonts', import.meta.resolve('@embedpdf/fonts-sc')),
    new URL('.', import.meta.resolve('@expo-google-fonts/noto-sans-arabic')),
    new URL('.', import.meta.resolve('@expo-google-fonts/noto-sans-devanagari')),
  ].map((url) => fileURLToPath(url));

const fontsConf = (dir: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
${[join(dir, 'fonts', 'fonts'), '/usr/share/fonts', ...fontFolders()]
  .map((folder) => `  <dir>${folder}</dir>`)
  .join('\n')}
  <cachedir>${dir}/fonts-cache</cachedir>
</fontconfig>
`;

/** Of this checkout: another one on the machine has its packages elsewhere. */
function fontsFile(dir: string): string {
  const text = fontsConf(dir);
  const name = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const file = join(dir, 'fonts', `${name}.conf`);
  if (!existsSync(file)) writeFileSync(file, text);
  return file;
}

async function unpack(dir: string): Promise<void> {
  const draft = mkdtempSync(`${dir}-`);
  const environment = { ...process.env };
  // The package unpacks into the temporary folder, and its libraries only where it thinks it is needed.
  Object.assign(process.env, { TMPDIR: draft, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' });
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    await chromium.executablePath();
  } finally {
    for (const name of ['TMPDIR', 'AWS_LAMBDA_JS_RUNTIME', 'LD_LIBRARY_PATH', 'FONTCONFIG_PATH']) {
      if (environment[name] === undefined) delete process.env[name];
      else process.env[name] = environment[name];
    }
  }
  try {
    renameSync(draft, dir);
  } catch {
    // Another run was first.
    rmSync(draft, { recursive: true, force: true });
  }
}

/** A browser of its own, from the folder in which it was unpacked. */
export function launchFrom(dir: string): Promise<Browser> {
  return playwright.launch({
    executablePath: join(dir, 'chromium'),
    // Not the flags of the package: those switch off what the pages rely on, as does one process for all.
    args: [
      '--no-sandbox',
      '--no-zygote',
      '--in-process-gpu',
      '--disable-webgl',
      '--font-render-hinting=none',
    ],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(dir, 'al2023', 'lib'),
      // The one of the package names folders of another machine; without any font the browser dies.
      FONTCONFIG_FILE: fontsFile(dir),
      HOME: dir,
    },
  });
}
