import type { RunResult } from '../../src/protocol/result';
import { button } from '../controls';
import { el } from '../dom';
import { textField } from '../fields';
import { percent } from '../format';
import type { View } from '../view';
import { sentence } from '../view';

/** Lets the person call the types what they like; the host keeps the names with the run. Nothing in a report. */
export function typeNamesForm(view: View, { types }: RunResult): HTMLElement | null {
  if (!view.host.can('nameTypes')) return null;
  const given = view.snapshot.typeNames ?? [];
  const fault = el('p', { class: 'error', role: 'alert' });
  const forget = () => {
    fault.textContent = '';
  };
  const fields = types.map(({ share }, k) => {
    const field = textField(`Type ${k + 1} (${percent(share)})`, 'text', forget);
    field.write(given.at(k) ?? '');
    return field;
  });
  const save = () => {
    forget();
    view.host.request('nameTypes', { names: fields.map((field) => field.read() || null) }).then(
      () => {
        view.say('The names are kept with the run.');
      },
      (error: unknown) => {
        fault.textContent = sentence(error);
      },
    );
  };
  const form = el(
    'div',
    { class: 'naming' },
    el(
      'p',
      { class: 'note' },
      'Names stand instead of “Type 1” in this panel, in reports and in tables of the command line. They are kept in names.json of the run; its result stays as it is.',
    ),
    el('div', { class: 'row' }, ...fields.map((field) => field.element)),
    fault,
    button('Save names', 'secondary', save),
  );
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement) save();
  });
  return el('details', { class: 'numbers' }, el('summary', {}, 'Name the types'), form);
}
