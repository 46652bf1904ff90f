import path from 'node:path';
import type { Experiment, PolicyChoice } from '../protocol/experiment';
import { DEFAULTS } from './experiment';

/**
 * The experiment of a run as a person would write it: only what is not the default, paths relative to the folder of the
 * file.
 *
 * @param folder that the file goes into; paths that no relative one leads to stay absolute
 * @param parent name of the run's folder
 */
export function experimentOf(experiment: Experiment, folder: string, parent: string): object {
  const { dataset, policy, types, beta, em, aggregate, evaluate, compute, seed } = experiment;
  const at = (file: string) => relativePath(folder, file);
  const { path: file, form, unranked, ties, columns } = dataset;
  const treatment = {
    // run.json names the form also where it was recognised, and the canonical one always is
    ...(form !== undefined && form !== 'canonical' && { form }),
    ...(columns && Object.keys(columns).length > 0 && { columns }),
    ...different({ unranked, ties }, { unranked: 'offered', ties: DEFAULTS.ties }),
  };
  const { attribute, ...evaluation } = evaluate;
  const written = {
    parent,
    dataset: Object.keys(treatment).length > 0 ? { path: at(file), ...treatment } : at(file),
    // how many types is what people change first
    types,
    policy: policyOf(policy, at),
    ...different({ beta, seed }, DEFAULTS),
    em: different(em, DEFAULTS.em),
    aggregate: different(aggregate, DEFAULTS.aggregate),
    evaluate: {
      ...different(evaluation, DEFAULTS.evaluate),
      ...(attribute !== undefined && { attribute: at(attribute) }),
    },
    compute: different(compute, DEFAULTS.compute),
  };
  return Object.fromEntries(Object.entries(written).filter(([, value]) => !isEmpty(value)));
}

/** The family alone where everything else about it is the default. */
function policyOf(policy: PolicyChoice, at: (file: string) => string): object | string {
  const { kind } = policy;
  const changed = different(policy, DEFAULTS[kind]);
  const model =
    policy.kind === 'transformer' && policy.model !== 'scratch' ? { model: at(policy.model) } : undefined;
  return isEmpty(changed) ? kind : { kind, ...changed, ...model };
}

/** What of `value` is not as in `usual`; groups are gone through, lists are taken whole. */
function different(value: object, usual: object): object {
  const ordinary = new Map<string, unknown>(Object.entries(usual));
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, own]: [string, unknown]) => {
      const other = ordinary.get(key);
      if (own === undefined || JSON.stringify(own) === JSON.stringify(other)) return [];
      return [[key, isGroup(own) && isGroup(other) ? different(own, other) : own]];
    }),
  );
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(value: unknown): boolean {
  return isGroup(value) && Object.keys(value).length === 0;
}

/** With forward slashes, as experiment files have them everywhere. */
function relativePath(folder: string, file: string): string {
  const relative = path.relative(folder, file);
  return path.isAbsolute(relative) ? relative : relative.split(path.sep).join('/');
}
