import { GRADIENT_NAMES, gradientPeers, measureGradients, type Gradients } from '../fit-speed/gradients';
import { least } from '../fit-speed/statistics';
import type { Cost, Row, Workload } from './table';

const DIMENSIONS = 32;
const NAMES = Object.values(GRADIENT_NAMES);

/** Value and gradient of a log-linear likelihood: rankings of three that nobody else gives, 32 features in f32. */
export async function gradientWorkload(
  sizes: readonly number[],
  threads: number,
  rounds: number,
  look: () => void,
): Promise<Workload> {
  const rows: Row[] = [];
  for (const size of sizes) {
    const spec = { rankings: size, dimensions: DIMENSIONS, threads };
    const [ours, ...others] = await measureGradients(spec, gradientPeers(), rounds, look);
    const peers: Record<string, Cost | undefined> = Object.fromEntries(
      NAMES.map((name) => [name, costOf(others.find((each) => nameOf(each) === name))]),
    );
    rows.push({
      size,
      ours: costOf(ours),
      peers,
      limit: memoryAlone(4 * 3 * size * DIMENSIONS),
    });
  }
  const name = `log-linear value and gradient, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  return { name, unit: 'rankings × 3 × 32', limitOf: 'reading the features once, half of a copy', rows };
}

const nameOf = ({ name }: Gradients): string => (name === 'ours' ? name : GRADIENT_NAMES[name]);

function costOf(gradients: Gradients): Cost;
function costOf(gradients: Gradients | undefined): Cost | undefined;
function costOf(gradients: Gradients | undefined): Cost | undefined {
  return (
    gradients && {
      seconds: least(gradients.rounds.flatMap((round) => round.seconds)),
      processor: least(gradients.rounds.flatMap((round) => round.processor)),
    }
  );
}

/** Seconds to read so many bytes of memory: a copy reads and writes them. */
function memoryAlone(bytes: number): number {
  const from = new Float32Array(bytes / 4).fill(1);
  const to = new Float32Array(bytes / 4);
  const seconds = Array.from({ length: 5 }, () => {
    const began = performance.now();
    to.set(from);
    return (performance.now() - began) / 1000;
  });
  return least(seconds) / 2;
}
