import { DatasetError } from './dataset-error';
import type { Fault } from './finding-log';
import { FORMS } from './forms/index';
import type { ColumnNames, Form } from './forms/form';
import { quoted } from './response-columns';
import { SAMPLE_BYTES, type Sample } from './sample';

/** Less than this and a form is not recognised. */
const ENOUGH = 0.25;

/** The form of a file by its content; its ending decides between forms that fit equally well. Null when none fits. */
export function recogniseForm(sample: Sample, columns: ColumnNames = {}): Form | null {
  let best: Form | null = null;
  let bestFit = 0;
  for (const form of FORMS) {
    const content = form.fits(sample, columns);
    const fit = content + (form.endings.includes(sample.ending) ? 0.01 : 0);
    if (content < ENOUGH || fit <= bestFit) continue;
    best = form;
    bestFit = fit;
  }
  return best;
}

/** @throws DatasetError when there is no form of this name */
export function formByName(name: string): Form {
  const form = FORMS.find((candidate) => candidate.name === name.toLowerCase());
  if (form) return form;
  throw new DatasetError(
    `There is no form "${name}". The forms are: ${FORMS.map((each) => each.name).join(', ')}.`,
  );
}

/** What was seen instead of a form, and which there are. */
export function unrecognised(sample: Sample): Fault {
  const list = FORMS.map(({ name }) => name).join(', ');
  return {
    code: 'form/unrecognised',
    message: `This file has none of the known forms: ${seen(sample)}${sample.cut ? LONG : ''}.`,
    fix: `Name the form if it is one of these, and its columns if they have other names: ${list}.`,
  };
}

const LONG = `, and the first line is longer than ${SAMPLE_BYTES / 1024} KiB`;

function seen({ lines, objects }: Sample): string {
  if (lines.length === 0) return 'it begins with blank lines only';
  const object = objects.find((each) => each !== undefined);
  if (!object) return `its first line is ${quoted(lines[0], 80)}`;
  const keys = (object.children ?? []).map((property) => String(property.children?.[0].value));
  if (keys.length === 0) return 'its first line is an empty JSON object';
  const shown = keys.slice(0, 12).map((key) => quoted(key, 30));
  return `its lines are JSON objects with the fields ${shown.join(', ')}${keys.length > 12 ? ', …' : ''}`;
}
