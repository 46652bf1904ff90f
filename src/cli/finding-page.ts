import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The page of docs/findings that explains a code, as Markdown. It lies beside the built command line; undefined where it does not. */
export function findingPage(code: string): string | undefined {
  try {
    return readFileSync(path.join(__dirname, '..', 'docs', 'findings', `${code}.md`), 'utf8');
  } catch {
    return undefined;
  }
}
