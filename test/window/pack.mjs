import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { root } from '../../scripts/vscode-host.mjs';

/** Packs the extension as it would be published; returns the package's path. */
export function pack() {
  const said = execFileSync(process.execPath, ['scripts/package.mjs'], { cwd: root, encoding: 'utf8' });
  const [line, name] = /^(\S+\.vsix): \d+ files.*/m.exec(said);
  console.log(line);
  return path.join(root, name);
}
