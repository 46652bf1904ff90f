// Takes a downloaded language model and a preference file through the whole path: validate, train, generate, export.
// Prints what each step says, how long it took and how much memory it needed (docs/real-model.md).
//   node scripts/real-model.mjs --model FOLDER --data FILE --out FOLDER [--records N] [--types K] [--rounds N] …
import { spawn } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createGunzip } from 'node:zlib';

const emdpo = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../dist/emdpo.cjs');
const HELP = `node scripts/real-model.mjs --model FOLDER --data FILE --out FOLDER
  --model FOLDER         checkpoint of Hugging Face's layout: config.json, *.safetensors, tokenizer.json
  --data FILE            rankings in any form that emdpo validate reads; .gz may be
  --out FOLDER           new or empty
  --records N            take the first N lines of the file only
  --types K              2 where the file names annotators, else 1
  --rounds N             rounds of EM, as in the experiment file; likewise
  --prompt-tokens N, --response-tokens N, --batch N, --rank N, --sample-prompts N, --sample-responses N, --distillation N,
  --epochs N, --seed N
  --max-tokens N         longest answer that is shown (60)
  --device ID, --threads N
`;

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});

async function main() {
  const asked = readOptions();
  const out = path.resolve(asked.out);
  mkdirSync(out, { recursive: true });
  if (readdirSync(out).length > 0) throw new Error(`${out} is not empty. Name a new folder with --out.`);
  const dataset = asked.records === undefined ? path.resolve(asked.data) : await firstLines(asked, out);

  const validation = await step('validate', [dataset, '--json'], { mayFail: true });
  const { dataset: found, verdicts, findings } = JSON.parse(validation);
  const types = asked.types ?? (found.annotators > 0 ? 2 : 1);
  say(
    `${found.records} records of ${found.annotators} annotators, ${found.prompts} prompts, ${found.responses} responses`,
  );
  for (const { severity, code, message, positions } of findings) {
    const at = positions.length > 0 ? `${dataset}:${positions[0].line}:${positions[0].column}: ` : '';
    if (severity === 'error' || severity === 'warning') say(`${severity} ${code}: ${at}${message}`);
  }
  if (findings.some(({ severity }) => severity === 'error')) throw new Error('The dataset has errors.');
  if (found.annotators === 0)
    say('Nobody is named as the annotator: such records cannot tell types apart. One type is plain DPO.');
  for (const { scope, verdict } of verdicts.filter(({ types: k }) => k === types && k > 1))
    say(`${types} types, ${scope}: ${verdict}`);

  const experiment = path.join(out, 'run.emdpo.json');
  writeFileSync(experiment, JSON.stringify(experimentOf(asked, dataset, types), null, 2) + '\n');
  const run = path.join(out, 'run');
  const events = [];
  const result = JSON.parse(
    await step('train', [experiment, '--run-dir', run, '--json'], {
      onLine: (line) => tellEvent(line, events),
    }),
  );
  say(`device ${events.find(({ type }) => type === 'device').device}; ${stepTimes(events)}`);
  for (const { name, share, annotators } of result.types)
    say(`${name}: share ${share.toFixed(3)}, ${annotators} annotators`);
  for (const { name, worst } of result.candidates) say(`${name}: largest regret ${worst.toFixed(3)} nats`);
  for (const { code, message } of result.alarms) say(`alarm ${code}: ${message}`);

  // rewards of the dataset's own responses lie beside the policies as a file
  const policies = readdirSync(path.join(run, 'policies'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'base')
    .map(({ name }) => name);
  const prompt = asked.prompt ?? result.divides[0]?.prompt ?? result.types[0].liked[0].prompt;
  say(`prompt: ${JSON.stringify(short(prompt))}`);
  const sources = [...policies, 'reference', ...(types > 1 ? ['mixture', 'loglinear'] : [])];
  for (const policy of sources) {
    const limit = ['--max-tokens', asked['max-tokens'] ?? '60', '--temperature', '0.7', '--seed', '1'];
    const answer = await step('generate', [run, '--prompt', prompt, '--policy', policy, ...limit, '--json']);
    const [{ text, tokens }] = JSON.parse(answer).responses;
    say(`${policy} (${tokens} tokens): ${JSON.stringify(short(text))}`);
  }

  const exported = JSON.parse(
    await step('export', [run, '--out', path.join(out, 'export'), '--merged', '--json']),
  );
  for (const { folder, kind, bytes } of exported.policies)
    say(`${folder}: ${kind}, ${(bytes / 1e6).toFixed(1)} MB`);
  process.stdout.write(`Everything is in ${out}; the report is ${path.join(run, 'report.html')}\n`);
}

function readOptions() {
  const names = 'model data out records types rounds prompt-tokens response-tokens batch rank sample-prompts';
  const more = 'sample-responses distillation seed max-tokens prompt device threads epochs';
  const text = Object.fromEntries(`${names} ${more}`.split(' ').map((name) => [name, { type: 'string' }]));
  const { values } = parseArgs({ options: { ...text, help: { type: 'boolean' } } });
  if (values.help || ['model', 'data', 'out'].some((name) => values[name] === undefined)) {
    process.stdout.write(HELP);
    process.exit(values.help ? 0 : 2);
  }
  const numbers = Object.keys(values).filter(
    (name) => !['model', 'data', 'out', 'prompt', 'device', 'help', 'max-tokens'].includes(name),
  );
  for (const name of numbers) {
    if (!/^\d+$/.test(values[name]))
      throw new Error(`--${name} takes a whole number, not "${values[name]}".`);
    values[name] = Number(values[name]);
  }
  for (const name of ['model', 'data'])
    if (!existsSync(values[name])) throw new Error(`There is no ${values[name]} (--${name}).`);
  if (!existsSync(emdpo)) throw new Error('The command line is not built: npm run build.');
  return values;
}

/** What is not asked for is left to the defaults of emdpo. */
function experimentOf(asked, dataset, types) {
  return {
    dataset,
    types,
    policy: {
      kind: 'transformer',
      model: path.resolve(asked.model),
      rounds: asked.rounds,
      promptTokens: asked['prompt-tokens'],
      responseTokens: asked['response-tokens'],
      lora: asked.rank && { rank: asked.rank, alpha: 2 * asked.rank },
      optimizer: { batch: asked.batch, epochs: asked.epochs },
      sampling: {
        prompts: asked['sample-prompts'],
        responses: asked['sample-responses'],
        distillation: asked.distillation,
      },
    },
    compute: { device: asked.device, threads: asked.threads },
    seed: asked.seed,
  };
}

/** The first lines of a file of lines, in a file of their own. */
async function firstLines({ data, records }, out) {
  const name = path.basename(data).replace(/\.gz$/, '');
  const input = createReadStream(data);
  const lines = createInterface({ input: data.endsWith('.gz') ? input.pipe(createGunzip()) : input });
  const kept = [];
  for await (const line of lines) {
    if (kept.length === records) break;
    kept.push(line);
  }
  const file = path.join(out, name);
  writeFileSync(file, kept.join('\n') + '\n');
  say(`the first ${kept.length} lines of ${data}`);
  return file;
}

/** Runs one command of emdpo, and tells its time and memory. @returns what it wrote to standard output */
async function step(command, rest, { onLine = () => undefined, mayFail = false } = {}) {
  const began = performance.now();
  const child = spawn(process.execPath, [emdpo, command, ...rest], { stdio: ['ignore', 'pipe', 'pipe'] });
  const memory = watchMemory(child.pid);
  let output = '';
  const said = [];
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (!line.startsWith('{')) said.push(line);
    onLine(line);
  });
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  const megabytes = memory.stop();
  const peak = megabytes === undefined ? '' : `, at most ${Math.round(megabytes)} MB`;
  process.stdout.write(`${command}: ${((performance.now() - began) / 1000).toFixed(1)} s${peak}\n`);
  if (code !== 0 && !(mayFail && output !== ''))
    throw new Error(`emdpo ${command} ended with code ${code}.\n${said.join('\n')}`);
  return output;
}

/** Progress of a training on a pipe is its events, one a line. */
function tellEvent(line, events) {
  if (!line.startsWith('{')) return;
  const event = JSON.parse(line);
  events.push(event);
  if (event.type === 'phase') say(event.title);
  if (event.type === 'warning') say(`warning ${event.code}: ${event.message}`);
  if (event.type === 'heldOut')
    say(
      `round ${event.round}: ${event.logLikelihood.toFixed(2)} nats${event.crossFitted ? ', cross-fitted' : ''}, ` +
        `shares ${event.shares.map((share) => share.toFixed(2)).join(' ')}`,
    );
}

/** Milliseconds of a step, between the first and the last event of each training. */
function stepTimes(events) {
  const [times, steps] = [[], []];
  for (const [i, event] of events.entries()) {
    const before = events.slice(0, i).findLast(({ type }) => type === 'loss');
    if (event.type !== 'loss' || before === undefined || before.step >= event.step) continue;
    times.push(new Date(event.time) - new Date(before.time));
    steps.push(event.step - before.step);
  }
  const sum = (list) => list.reduce((total, value) => total + value, 0);
  return steps.length === 0 ? 'too few steps to time' : `${(sum(times) / sum(steps)).toFixed(0)} ms a step`;
}

/** Largest memory of a process and those it started, in MB; Linux only. */
function watchMemory(pid) {
  let peak;
  const look = () => {
    const kilobytes = processes(pid).map((id) => {
      const [, value] = /VmRSS:\s*(\d+) kB/.exec(readOr(`/proc/${id}/status`)) ?? [];
      return Number(value ?? 0);
    });
    const megabytes = kilobytes.reduce((sum, value) => sum + value, 0) / 1000;
    if (megabytes > (peak ?? 0)) peak = megabytes;
  };
  const timer = setInterval(look, 100);
  return {
    stop: () => {
      clearInterval(timer);
      return peak;
    },
  };
}

function processes(pid) {
  const children = readOr(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean);
  return [pid, ...children.flatMap((child) => processes(Number(child)))];
}

function readOr(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // it has ended, or the system has no such files
  }
}

function short(text) {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

function say(line) {
  process.stdout.write(`  ${line}\n`);
}
