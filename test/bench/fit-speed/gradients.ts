import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { startChild, type Child } from '../language-models/child';
import type { Measured } from '../language-models/spec';
import { writeGradientData, type GradientSpec } from './gradient-data';
import { hasLibrary, python } from './python';

const root = path.resolve(import.meta.dirname, '../../..');
const PEERS = { autograd: 'torch', closed: 'torch', numpy: 'numpy' } as const;
export type GradientPeer = keyof typeof PEERS;
export const GRADIENT_NAMES: Readonly<Record<GradientPeer, string>> = {
  autograd: 'PyTorch, autograd',
  closed: 'PyTorch, gradient written out',
  numpy: 'NumPy, gradient written out',
};

export interface Gradients {
  readonly name: GradientPeer | 'ours';
  /** What the process says it runs on. */
  readonly title: string;
  readonly rounds: readonly Measured[];
}

/** Threads of OpenMP and OpenBLAS look for more work for a while after theirs, and would take the next one’s core. */
const PAUSE_MS = 300;

/** Gradients in each turn: a fit computes them one after the other. */
const IN_TURN = 5;

/** Peers whose libraries are there. */
export function gradientPeers(): GradientPeer[] {
  if (!hasLibrary('numpy')) return [];
  return (Object.keys(PEERS) as GradientPeer[]).filter((peer) => hasLibrary(PEERS[peer]));
}

/** Value and gradient again and again, ours first; every program is a process of its own and they take turns. */
export async function measureGradients(
  spec: GradientSpec,
  peers: readonly GradientPeer[],
  rounds: number,
  onRound: () => void,
): Promise<Gradients[]> {
  const { rankings, dimensions, threads } = spec;
  const folder = mkdtempSync(path.join(tmpdir(), 'fit-gradient-'));
  const children: Child[] = [];
  try {
    const program = path.join(import.meta.dirname, 'gradient-ours.ts');
    children.push(
      await startChild(process.execPath, ['--import', 'tsx', program, JSON.stringify(spec)], root),
    );
    if (peers.length > 0) writeGradientData(spec, folder);
    for (const peer of peers) {
      const args = [folder, peer, `${rankings}`, `${dimensions}`, `${threads}`];
      children.push(
        await startChild(python, [path.join(import.meta.dirname, 'gradient_peer.py'), ...args], root),
      );
    }
    const measured: Measured[][] = children.map(() => []);
    for (let round = 0; round <= rounds; round++) {
      for (const [i, child] of children.entries()) {
        await setTimeout(PAUSE_MS);
        const one = await child.take(IN_TURN);
        if (round > 0) measured[i].push(one); // the first warms up
      }
      onRound();
    }
    return measured.map((own, i) => ({
      name: i === 0 ? 'ours' : peers[i - 1],
      title: children[i].title,
      rounds: own,
    }));
  } finally {
    for (const child of children) child.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Largest difference of value and gradient, in parts of the value and of the largest slope. */
export function gradientDifference(ours: Measured, other: Measured, dimensions: number): number {
  const slopes = (of: Measured) => of.losses.slice(-dimensions);
  const scale = Math.max(...slopes(ours).map(Math.abs));
  return Math.max(
    Math.abs(other.losses[0] / ours.losses[0] - 1),
    ...slopes(other).map((slope, j) => Math.abs(slope - slopes(ours)[j]) / scale),
  );
}
