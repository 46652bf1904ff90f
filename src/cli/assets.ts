import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { RunError, systemReason } from '../run/run-error';
import type { ReportAssets } from '../run/report';

/** The built panel, which lies beside the built command line. */
export async function readAssets(): Promise<ReportAssets> {
  const [script, style] = await Promise.all(['panel.js', 'panel.css'].map(readBuilt));
  return { script, style };
}

async function readBuilt(name: string): Promise<string> {
  const file = path.join(__dirname, name);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new RunError(
      `${file} cannot be read because ${systemReason(error)}. Install emdpo again, or run npm run build.`,
    );
  }
}
