import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Problem } from '../../../src/training/problem';

/** What a peer has to be told besides. */
export interface PeerData {
  readonly items: number;
  /** Options of every ranking. */
  readonly places: number;
}

/**
 * Every full ranking of every annotator, nothing counted together: `options` (i32, rankings × places, best first) and
 * `annotators` (i32, by ranking); and `rewards` (f64, types × items), where a start is given.
 */
export function writeForPeers(problem: Problem, folder: string, start?: readonly Float64Array[]): PeerData {
  const { rankings, profileStart, profileRanking, profileWeight, profileCount } = problem;
  const options: number[] = [];
  const annotators: number[] = [];
  let annotator = 0;
  for (let p = 0; p < problem.profiles; p++) {
    for (let n = 0; n < profileCount[p]; n++, annotator++) {
      for (let i = profileStart[p]; i < profileStart[p + 1]; i++) {
        const r = profileRanking[i];
        for (let times = 0; times < profileWeight[i]; times++) {
          for (let o = rankings.start[r]; o < rankings.start[r + 1]; o++) options.push(rankings.option[o]);
          annotators.push(annotator);
        }
      }
    }
  }
  writeFileSync(path.join(folder, 'options'), Int32Array.from(options));
  writeFileSync(path.join(folder, 'annotators'), Int32Array.from(annotators));
  if (start)
    writeFileSync(path.join(folder, 'rewards'), Float64Array.from(start.flatMap((t) => Array.from(t))));
  return { items: rankings.alternatives, places: rankings.largest };
}
