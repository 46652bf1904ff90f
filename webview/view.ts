import type { PanelSnapshot } from '../src/protocol/panel';
import type { Host } from './host';

/** What every tab is given: the run, and how to reach the host and the person. */
export interface View {
  readonly snapshot: PanelSnapshot;
  readonly host: Host;
  /** Says a sentence to the person, on screen and to a screen reader. */
  say(sentence: string): void;
  /** A choice the person made, such as which fit a chart shows; remembered across reloads. */
  choice(name: string): string | undefined;
  choose(name: string, value: string): void;
  /** Goes to an annotator of the Types tab. */
  visit(annotator: string): void;
}

/** Saves through the host; a failure is said, not thrown. */
export async function save(
  view: View,
  name: string,
  content: string,
  encoding: 'utf8' | 'base64' = 'utf8',
): Promise<void> {
  try {
    const { saved } = await view.host.request('save', { name, content, encoding });
    if (saved) view.say(`Saved ${name}.`);
  } catch (error) {
    view.say(`${name} could not be saved: ${sentence(error)}`);
  }
}

export async function copy(view: View, text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    view.say('Copied.');
  } catch {
    view.say('The clipboard is not available here. Select the table and copy it instead.');
  }
}

export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A name for files of this run: letters, digits and dashes. */
export function fileName(view: View, title: string, extension: string): string {
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '');
  return `${plain(view.snapshot.name ?? view.snapshot.manifest.name)}-${plain(title)}.${extension}`;
}
