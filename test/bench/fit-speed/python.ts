import { execFileSync } from 'node:child_process';

/** The Python that peers run on: what EMDPO_PYTHON names, python3 otherwise. */
export const python = process.env.EMDPO_PYTHON ?? 'python3';

/** Whether that Python has a library. */
export function hasLibrary(module: string): boolean {
  try {
    execFileSync(python, ['-c', `import ${module}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
