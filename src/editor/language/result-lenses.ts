import * as vscode from 'vscode';
import { readExperiment } from '../../run/experiment';
import { isExperimentName } from '../dataset-file';
import type { LatestResult, LatestResults } from '../runs/latest-results';
import { ago } from '../runs/words';

/** Types whose shares a lens has room for. */
const MOST = 4;

/** Above the first line of a dataset or an experiment: what the newest run on it has found; a click opens its panel. */
export function resultLenses(latest: LatestResults): vscode.CodeLensProvider {
  return {
    onDidChangeCodeLenses: latest.onDidChange,
    async provideCodeLenses(document, token) {
      const found = isExperimentName(document.uri)
        ? await ofExperiment(latest, document.uri)
        : await latest.on(document.uri);
      if (!found || token.isCancellationRequested) return [];
      return [
        new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), {
          title: title(found, document.isDirty && !isExperimentName(document.uri)),
          tooltip: vscode.l10n.t('Show the results of run “{0}”', found.manifest.name),
          command: 'emdpo.showResults',
          arguments: [vscode.Uri.file(found.directory)],
        }),
      ];
    },
  };
}

/** As it is on disk: what is being written may not be an experiment. */
async function ofExperiment(latest: LatestResults, uri: vscode.Uri): Promise<LatestResult | undefined> {
  try {
    const { dataset, name } = await readExperiment(uri.fsPath);
    return await latest.on(vscode.Uri.file(dataset.path), name);
  } catch {
    // a fault of the experiment is shown where the experiment is checked
    return undefined;
  }
}

function title({ manifest, result, current }: LatestResult, edited: boolean): string {
  const percent = new Intl.NumberFormat(vscode.env.language, { style: 'percent' });
  const { types, candidates, regret } = result;
  const shares = types.slice(0, MOST).map(({ name, share }) => `${name} ${percent.format(share)}`);
  const more = types.length > MOST ? [vscode.l10n.t('{0} more types', types.length - MOST)] : [];
  const fair = candidates.find(({ kind }) => kind === manifest.experiment.aggregate.single);
  const worst = new Intl.NumberFormat(vscode.env.language, { maximumSignificantDigits: 3 });
  return [
    vscode.l10n.t('Latest result: {0}', ago(new Date(manifest.created))),
    ...(current && !edited ? [] : [vscode.l10n.t('the dataset has changed since')]),
    ...shares,
    ...more,
    ...(types.length > 1
      ? [vscode.l10n.t('worst regret {0} nats', worst.format(fair?.worst ?? regret.value))]
      : []),
  ].join(' · ');
}
