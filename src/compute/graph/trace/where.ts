/** Frames that are not the program's own: TensorFlow.js (source maps lead to its sources), the recording, Node. */
const BELOW = /tfjs-(core|backend)|compute[/\\]graph[/\\]|node:internal|<anonymous>/;

/** How TensorFlow.js names the functions that a program calls; a bundle keeps the names, not the files. */
const CALLED = /__op \(|\bTensor\.\w+ \(/;

/** Where the program called the operation that is at work: `in attention (src/policy/…/attention.ts:12:3)`. */
export function where(): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 100; // gradients call each other deeply
  const stack = new Error().stack ?? '';
  Error.stackTraceLimit = limit;
  const frames = stack.split('\n').slice(1);
  const start = frames.findIndex((frame) => frame.includes('withSealedEngine'));
  const inside = start === -1 ? frames : frames.slice(0, start);
  const frame = inside
    .slice(inside.findLastIndex((one) => CALLED.test(one)) + 1)
    .find((one) => !BELOW.test(one));
  const { name, place } = /^\s*at (?:(?<name>.*) \()?(?<place>[^()]*)\)?$/.exec(frame ?? '')?.groups ?? {};
  if ((place as string | undefined) === undefined) return 'in the program';
  return (name as string | undefined) === undefined ? `at ${place}` : `in ${name} (${place})`;
}
