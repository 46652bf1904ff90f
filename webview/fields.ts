import type { Child } from './dom';
import { el, uniqueId } from './dom';

/** Fields of the browser's own, each with its label: the toolkit's bring styles that a strict policy forbids. */

export interface Field<T> {
  readonly element: HTMLElement;
  read(): T;
}

export interface TextField extends Field<string> {
  write(text: string): void;
}

export function textArea(label: string, value: string, onChange: () => void): TextField {
  const id = uniqueId('text');
  const area = el('textarea', { id, rows: 3, spellcheck: 'false', dir: 'auto', oninput: onChange });
  area.value = value;
  return {
    element: el('div', { class: 'field' }, el('label', { for: id }, label), area),
    read: () => area.value,
    write: (text) => {
      area.value = text;
    },
  };
}

export function textField(label: string, type: 'text' | 'search', onChange: () => void): TextField {
  const id = uniqueId('text');
  const input = el('input', { id, type, spellcheck: 'false', dir: 'auto', oninput: onChange });
  return {
    element: el('div', { class: 'field' }, el('label', { for: id }, label), input),
    read: () => input.value,
    write: (text) => {
      input.value = text;
    },
  };
}

export interface NumberLimits {
  readonly min: number;
  readonly max: number;
  readonly step: number | 'any';
}

/** What is not a number within the limits reads as the value that the field began with. */
export function numberField(
  label: string,
  value: number,
  limits: NumberLimits,
  onChange: () => void,
): Field<number> {
  const id = uniqueId('number');
  const input = el('input', { id, type: 'number', ...limits, value: String(value), oninput: onChange });
  return {
    element: el('div', { class: 'field' }, el('label', { for: id }, label), input),
    read: () => {
      const typed = input.valueAsNumber;
      return input.validity.valid && Number.isFinite(typed) ? typed : value;
    },
  };
}

/** A number that is moved by hand; its value stands beside it. */
export function slider(
  label: Child,
  value: number,
  limits: NumberLimits,
  onMove: (value: number) => void,
): TextField {
  const id = uniqueId('slider');
  const shown = el('output', { for: id, class: 'number' }, String(value));
  const input = el('input', { id, type: 'range', ...limits });
  const write = (text: string) => {
    input.value = text;
    shown.textContent = input.value;
  };
  input.addEventListener('input', () => {
    shown.textContent = input.value;
    onMove(input.valueAsNumber);
  });
  write(String(value));
  return {
    element: el('div', { class: 'field slider' }, el('label', { for: id }, label), input, shown),
    read: () => input.value,
    write,
  };
}

/** Any number of the options. */
export function checkboxes(
  legend: string,
  options: readonly { readonly value: string; readonly label: Child }[],
  checked: readonly string[],
  onChange: () => void,
): Field<string[]> {
  const boxes = options.map(({ value }) =>
    el('input', { type: 'checkbox', value, checked: checked.includes(value), onchange: onChange }),
  );
  return {
    element: el(
      'fieldset',
      { class: 'field' },
      el('legend', {}, legend),
      ...options.map(({ label }, i) => el('label', {}, boxes[i], label)),
    ),
    read: () => boxes.filter((box) => box.checked).map((box) => box.value),
  };
}
