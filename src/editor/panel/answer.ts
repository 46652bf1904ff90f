import * as v from 'valibot';
import * as vscode from 'vscode';
import type { PanelMethod, PanelMethods, PanelReply } from '../../protocol/panel';
import { RunError } from '../../run/run-error';
import { sentence } from '../boundary';

export type PanelHandlers = {
  readonly [M in PanelMethod]: (params: PanelMethods[M]['params']) => Promise<PanelMethods[M]['result']>;
};

const nothing = v.object({});
const place = v.object({
  line: v.pipe(v.number(), v.integer(), v.minValue(1)),
  column: v.pipe(v.number(), v.integer(), v.minValue(1)),
});
const file = v.object({ name: v.string(), content: v.string(), encoding: v.picklist(['utf8', 'base64']) });

const named = v.object({ names: v.array(v.nullable(v.string())) });
const someone = v.object({ annotator: v.string() });

const question = v.object({
  question: v.number(),
  prompt: v.string(),
  policies: v.pipe(v.array(v.pipe(v.string(), v.regex(/^[a-z0-9-]+$/))), v.minLength(1)),
  seed: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffffffff)),
  temperature: v.optional(v.pipe(v.number(), v.minValue(0))),
  answers: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16)),
});

const PARAMS: { readonly [M in PanelMethod]: v.GenericSchema<unknown, PanelMethods[M]['params']> } = {
  snapshot: nothing,
  openDataset: place,
  annotator: someone,
  nameTypes: named,
  openReport: nothing,
  openPage: v.object({ page: v.pipe(v.string(), v.regex(/^[a-z-]+$/)) }),
  stop: nothing,
  resume: nothing,
  ask: question,
  stopAsking: nothing,
  runs: nothing,
  compare: v.object({
    with: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(25)),
    baseline: v.string(),
  }),
  pin: v.object({ run: v.string(), pinned: v.boolean() }),
  duplicate: nothing,
  openRun: v.object({ run: v.string() }),
  save: file,
};

const envelope = v.object({
  kind: v.literal('request'),
  id: v.number(),
  method: v.string(),
  params: v.unknown(),
});

/** The id of an answer to a message that has none. */
const NO_ID = -1;

/**
 * Answers one message of the panel. Whatever comes, there is exactly one answer: a handler that throws and a message
 * that cannot be understood are answered with `err`, and logged.
 */
export async function answer(
  handlers: PanelHandlers,
  message: unknown,
  log: vscode.LogOutputChannel,
): Promise<PanelReply> {
  const request = v.safeParse(envelope, message);
  if (!request.success) return refuse(idOf(message), message, log);
  const { id, method, params } = request.output;
  if (!isMethod(method)) return refuse(id, message, log);
  try {
    const called = await call(handlers[method], PARAMS[method], params);
    return called ? { kind: 'reply', id, ok: called.result } : refuse(id, message, log);
  } catch (error) {
    // what the person can mend is no fault of ours
    if (error instanceof RunError) log.warn(error.message);
    else log.error(`The panel asked for “${method}”: ${trace(error)}`);
    return { kind: 'reply', id, err: sentence(error) };
  }
}

/** @returns `undefined` when the parameters are not what the method takes */
async function call<M extends PanelMethod>(
  handler: PanelHandlers[M],
  shape: v.GenericSchema<unknown, PanelMethods[M]['params']>,
  params: unknown,
): Promise<{ readonly result: unknown } | undefined> {
  const checked = v.safeParse(shape, params);
  return checked.success ? { result: await handler(checked.output) } : undefined;
}

function isMethod(name: string): name is PanelMethod {
  return Object.hasOwn(PARAMS, name);
}

function refuse(id: number, message: unknown, log: vscode.LogOutputChannel): PanelReply {
  log.warn(`The panel sent a message that cannot be understood: ${describe(message)}`);
  return { kind: 'reply', id, err: vscode.l10n.t('The panel sent a message that cannot be understood.') };
}

function trace(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function describe(message: unknown): string {
  const text = JSON.stringify(message) as string | undefined; // some values have no JSON
  return text?.slice(0, 200) ?? 'undefined';
}

function idOf(message: unknown): number {
  const found = v.safeParse(v.object({ id: v.number() }), message);
  return found.success ? found.output.id : NO_ID;
}
