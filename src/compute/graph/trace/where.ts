/** Frames that are not the program's own: TensorFlow.js (source maps lead to its sources), the recording, Node. */
const BELOW = /tfjs-(core|backend)|compute[/\\]graph[/\\]|node:internal|<anonymous>/;

/** Where the program called the operation that is at work: `in attention (src/policy/…/attention.ts:12:3)`. */
export function where(): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 100; // gradients call each other deeply
  const stack = new Error().stack ?? '';
  Error.stackTraceLimit = limit;
  const frame = stack
    .split('\n')
    .slice(1)
    .find((line) => !BELOW.test(line));
  const { name, place } = /^\s*at (?:(?<name>.*) \()?(?<place>[^()]*)\)?$/.exec(frame ?? '')?.groups ?? {};
  if ((place as string | undefined) === undefined) return 'in the program';
  return (name as string | undefined) === undefined ? `at ${place}` : `in ${name} (${place})`;
}
