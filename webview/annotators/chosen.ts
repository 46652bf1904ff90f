import type { View } from '../view';

/** Under these names the panel remembers who was chosen, and that the person has yet to be brought there. */
const WHO = 'annotator';
const BRING = 'bring to annotator';

/** What to remember so that this annotator is chosen, and in view, when the run is shown. */
export function chosenAnnotator(annotator: string): Readonly<Record<string, string>> {
  return { [WHO]: annotator, [BRING]: 'yes' };
}

export function rememberChosen(view: View, annotator: string | undefined): void {
  view.choose(WHO, annotator ?? '');
}

/** Who was chosen before, and whether to bring the person there, which is asked once. */
export function recallChosen(view: View): {
  readonly annotator: string | undefined;
  readonly bring: boolean;
} {
  const bring = view.choice(BRING) === 'yes';
  if (bring) view.choose(BRING, '');
  return { annotator: view.choice(WHO) || undefined, bring };
}
