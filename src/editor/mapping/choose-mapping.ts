import path from 'node:path';
import * as vscode from 'vscode';
import type { DatasetPreview } from '../../dataset/preview';
import type { Mapping } from '../../run/written-reading';
import { layouts, type Layout, type Role } from './layouts';

/** What a person has said so far; `form` is that of a layout. */
interface Choice {
  readonly layout: Layout;
  readonly columns: Readonly<Record<string, string>>;
}

type Look = (mapping: Mapping) => Promise<DatasetPreview>;

type Entry = vscode.QuickPickItem & { readonly act?: 'write' | 'layout' | Role };

/**
 * Lets a person say which columns of a table mean what: a list of the roles with their columns and, below, the first
 * records as they are read that way, until it is good enough to be written down.
 *
 * @param look reads the beginning of the dataset
 * @param start how it was read so far
 * @returns undefined when the list was left
 * @throws a sentence when the file has no columns
 */
export async function chooseMapping(
  dataset: vscode.Uri,
  look: Look,
  start: Mapping,
): Promise<Required<Mapping> | undefined> {
  const name = path.basename(dataset.fsPath);
  const first = await look(start);
  if (first.columns.length === 0)
    throw new Error(
      vscode.l10n.t('{0} has no columns: its first line is no header and no JSON object.', name),
    );
  const layout = layouts().find(({ form }) => form === first.form);
  let choice = layout ? { layout, columns: start.columns ?? {} } : await pickLayout(name);
  while (choice) {
    const { form } = choice.layout;
    const preview = await look({ form, columns: choice.columns });
    const chosen: Entry | undefined = await vscode.window.showQuickPick<Entry>(overview(choice, preview), {
      title: vscode.l10n.t('How {0} is read', name),
      placeHolder: vscode.l10n.t('Choose what to change, until the records are right'),
      ignoreFocusOut: true,
    });
    if (!chosen) return undefined;
    if (chosen.act === 'write') return { form, columns: preview.found };
    if (chosen.act === 'layout') choice = (await pickLayout(name)) ?? choice;
    else if (chosen.act) choice = await pickColumns(choice, chosen.act, preview);
  }
  return undefined;
}

async function pickLayout(name: string): Promise<Choice | undefined> {
  const items = layouts().map((layout) => ({ label: layout.title, detail: layout.detail, layout }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('How {0} is read', name),
    placeHolder: vscode.l10n.t('What is a row?'),
    ignoreFocusOut: true,
  });
  return chosen && { layout: chosen.layout, columns: {} };
}

function overview({ layout }: Choice, { columns, found, records, faults }: DatasetPreview): Entry[] {
  const exampleOf = new Map(columns.map(({ name, example }) => [name, example]));
  const separator = (label: string): Entry => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const roles = layout.roles.map((role): Entry => {
    const column = Object.hasOwn(found, role.role) ? found[role.role] : undefined;
    const example = column === undefined ? undefined : exampleOf.get(column);
    const without = role.needed ? vscode.l10n.t('no column; needed') : vscode.l10n.t('no column');
    return {
      label: `$(${column === undefined ? 'circle-large-outline' : 'symbol-field'}) ${role.title}`,
      description: [column ?? without, example ?? ''].filter((part) => part !== '').join(' · '),
      act: role,
    };
  });
  const write: Entry = {
    label: `$(check) ${vscode.l10n.t('Write this into an experiment file')}`,
    act: 'write',
  };
  // what can be seen without scrolling: the records, and then the roles
  return [
    ...(records.length > 0 ? [write] : []),
    separator(vscode.l10n.t('First records, best response first')),
    ...records.map(({ annotator, prompt, ranking }): Entry => ({
      label: ranking,
      description: [annotator, prompt].filter((part) => part !== undefined).join(' · '),
    })),
    ...faults.map((fault): Entry => ({ label: `$(error) ${fault}` })),
    separator(vscode.l10n.t('How they are read')),
    { label: `$(table) ${layout.title}`, description: vscode.l10n.t('another layout …'), act: 'layout' },
    ...roles,
  ];
}

/** Two roles of which a dataset has one only: naming one of them takes the other away. */
const INSTEAD: Readonly<Record<string, string>> = {
  rank: 'score',
  score: 'rank',
  ranks: 'scores',
  scores: 'ranks',
};

async function pickColumns(choice: Choice, role: Role, { columns }: DatasetPreview): Promise<Choice> {
  const options = { title: role.title, ignoreFocusOut: true };
  const items = columns.map(({ name, example }) => ({ label: name, description: example, name }));
  const others = Object.entries(choice.columns).filter(
    ([other]) => other !== role.role && other !== INSTEAD[role.role],
  );
  if (role.several) {
    const placeHolder = vscode.l10n.t('Every column that holds one');
    const chosen = await vscode.window.showQuickPick(items, { ...options, placeHolder, canPickMany: true });
    if (!chosen) return choice;
    const names = chosen.map(({ name }) => name).join(',');
    const own = names === '' ? [] : [[role.role, names] as const];
    return { ...choice, columns: Object.fromEntries([...others, ...own]) };
  }
  const none = {
    label: `$(circle-slash) ${vscode.l10n.t('None, or the one with a usual name')}`,
    name: undefined,
  };
  const placeHolder = vscode.l10n.t('Which column?');
  const chosen = await vscode.window.showQuickPick([...items, none], { ...options, placeHolder });
  if (!chosen) return choice;
  const own = chosen.name === undefined ? [] : [[role.role, chosen.name] as const];
  return { ...choice, columns: Object.fromEntries([...others, ...own]) };
}
