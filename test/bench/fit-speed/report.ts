import { cpus, loadavg } from 'node:os';
import path from 'node:path';
import { putSection } from '../reading/document';

/** A load average above it means that others compute too. */
const BUSY = 3;

export function option(name: string, otherwise: string): string {
  return (
    process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3) ?? otherwise
  );
}

export function machineLine(): string {
  const [{ model }] = cpus();
  return `Machine: ${cpus().length} cores, ${model.trim()}, Node.js ${process.versions.node}.`;
}

export interface Load {
  readonly look: () => void;
  readonly highest: number;
}

/** The highest load average seen. */
export function watchLoad(): Load {
  let highest = loadavg()[0];
  return {
    look: () => (highest = Math.max(highest, loadavg()[0])),
    get highest() {
      return highest;
    },
  };
}

/** Puts the lines into docs/benchmarks.md where --write asks for it and the machine was not busy. */
export function writeSection(heading: string, lines: readonly string[], load: Load): void {
  load.look();
  if (!process.argv.includes('--write')) return;
  if (load.highest > BUSY && !process.argv.includes('--busy')) {
    console.error(`The machine was busy (load average ${load.highest.toFixed(1)}): nothing was written.`);
    return;
  }
  const told =
    load.highest > BUSY
      ? [`The machine was busy (load average ${load.highest.toFixed(0)}).`, ...lines]
      : lines;
  putSection(path.resolve(import.meta.dirname, '../../../docs/benchmarks.md'), heading, told);
}
