import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import process from 'node:process';
import { productionPackages, type ProductionPackage } from './production-packages.ts';
import { sbomOf } from './sbom.ts';

// Usage: node scripts/image-files.ts <app> <folder>, in a checkout that is built.

/** Files that an app serves without importing them */
const served: Readonly<Record<string, string>> = { 'apps/server': 'apps/console/dist' };

/** What one of ours reads beside what is built of it */
const besides: Readonly<Record<string, string>> = { 'packages/registry': 'migrations' };

/** For compilers, debuggers and readers; licences stay */
const unread = /\.(?:[cm]?tsx?|map|tsbuildinfo|md)$/;
const isRead = (path: string): boolean => !unread.test(path) || /licen[cs]e/i.test(path);

/** Copies what an app runs, with the list of it, and nothing else. The Dockerfile makes its images of these folders. */
function copyImageFiles(root: string, app: string, to: string): void {
  const packages = productionPackages(root, app);
  for (const listed of packages) {
    if (listed.isOurs) copyOurs(root, listed, to);
    else copyFolder(root, listed.folder, to);
  }
  const desk = served[app];
  if (desk !== undefined) copyFolder(root, desk, to);
  const sbom = `${JSON.stringify(sbomOf(root, app), null, 2)}\n`;
  writeFileSync(join(to, 'sbom.cdx.json'), sbom);
}

function copyOurs(root: string, { name, folder }: ProductionPackage, to: string): void {
  cpSync(join(root, folder, 'package.json'), join(to, folder, 'package.json'), { recursive: true });
  // The package of design is not built: what is read of it is a style sheet.
  const built = join(folder, 'dist');
  copyFolder(root, existsSync(join(root, built)) ? built : join(folder, 'src'), to);
  const beside = besides[folder];
  if (beside !== undefined) copyFolder(root, join(folder, beside), to);
  const link = join(to, 'node_modules', name);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(relative(dirname(link), join(to, folder)), link);
}

/** Without what lies in its `node_modules`: a package that is run is copied by itself. */
const copyFolder = (root: string, folder: string, to: string): void =>
  cpSync(join(root, folder), join(to, folder), {
    recursive: true,
    filter: (path) =>
      isRead(path) && !relative(join(root, folder), path).split(sep).includes('node_modules'),
  });

const [app, to] = process.argv.slice(2);
if (app === undefined || to === undefined) throw new Error('Name an app and a folder.');
copyImageFiles(process.cwd(), app, to);
