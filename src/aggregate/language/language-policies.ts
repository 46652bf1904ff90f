import type { Executor } from '../../compute/graph/executor';
import type { HostTensors } from '../../compute/graph/program';
import { logLinearPolicy } from '../../policy/transformer/generate/log-linear-policy';
import { openNetwork, type Network } from '../../policy/transformer/generate/network';
import type { NextToken } from '../../policy/transformer/generate/next-token';
import type { LanguageModel } from '../../policy/transformer/language-model';
import type { TrainablePolicy } from '../../training/language/policy';
import type { PolicySource } from './policy-source';

/** The language models of a run: one base, and by policy the parameters that were trained. */
export interface LanguagePolicies {
  readonly model: LanguageModel;
  /** What the parameters are: a LoRA adapter over the base, or all weights. */
  readonly trainable: TrainablePolicy;
  /** alpha / rank of LoRA; absent where all weights train. */
  readonly scaling?: number;
  /** Largest share first. */
  readonly types: readonly HostTensors[];
  readonly plain?: HostTensors;
  readonly distilled?: HostTensors;
}

/** Policies on a device, ready to write. */
export interface Writers {
  /**
   * One policy that gives next tokens. A mixture has none: a type is drawn for each response.
   *
   * @throws Error naming a policy that the run does not have
   */
  writer(source: Exclude<PolicySource, { kind: 'mixture' }>): NextToken;
  dispose(): Promise<void>;
}

export function openWriters(executor: Executor, policies: LanguagePolicies): Writers {
  const { model, scaling } = policies;
  const networks = new Map<HostTensors, Network>();
  const network = (weights: HostTensors): Network => {
    const open = networks.get(weights) ?? openNetwork(executor, { config: model.config, weights });
    networks.set(weights, open);
    return open;
  };
  const withParameters = (parameters: HostTensors): NextToken =>
    scaling === undefined
      ? network(parameters).policy()
      : network(model.weights).policy({ tensors: parameters, scaling });
  const reference = () => network(model.weights).policy();
  return {
    writer(source) {
      if (source.kind === 'reference') return reference();
      if (source.kind !== 'loglinear') return withParameters(parametersOf(policies, source));
      return logLinearPolicy(reference(), policies.types.map(withParameters), source.exponents);
    },
    async dispose() {
      for (const open of networks.values()) await open.dispose();
      networks.clear();
    },
  };
}

/** What was trained for a policy. @throws Error naming a policy that the run does not have */
export function parametersOf(
  { types, plain, distilled }: LanguagePolicies,
  source: Exclude<PolicySource, { kind: 'mixture' | 'loglinear' | 'reference' }>,
): HostTensors {
  const [found, name] =
    source.kind === 'type'
      ? [types.at(source.type), `type ${source.type + 1}`]
      : source.kind === 'plain-dpo'
        ? [plain, 'plain DPO']
        : [distilled, 'a distilled policy'];
  if (!found) throw new Error(`The run has no language model of ${name}.`);
  return found;
}
