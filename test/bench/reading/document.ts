import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Replaces the section `## heading` of a Markdown file, or adds it at the end; makes the file where it is absent. */
export function putSection(file: string, heading: string, lines: readonly string[]): void {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '# Benchmarks\n';
  const section = `## ${heading}\n\n${lines.join('\n')}\n`;
  const from = before.search(new RegExp(`^## ${heading}$`, 'm'));
  if (from < 0) {
    writeFileSync(file, `${before.trimEnd()}\n\n${section}`);
    return;
  }
  const next = before.indexOf('\n## ', from);
  writeFileSync(file, before.slice(0, from) + section + (next < 0 ? '' : before.slice(next)));
}
