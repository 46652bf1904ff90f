/** The only file that knows the webview toolkit: replacing the toolkit changes nothing else. */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeDropdown,
  vsCodeOption,
  vsCodePanels,
  vsCodePanelTab,
  vsCodePanelView,
} from '@vscode/webview-ui-toolkit';
import type { Child } from './dom';
import { append, setAttributes, uniqueId } from './dom';

provideVSCodeDesignSystem().register(
  vsCodeButton(),
  vsCodeDropdown(),
  vsCodeOption(),
  vsCodePanels(),
  vsCodePanelTab(),
  vsCodePanelView(),
);

function control(
  tag: `vscode-${string}`,
  attributes: Parameters<typeof setAttributes>[1],
  ...children: Child[]
) {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  append(element, children);
  return element;
}

export function button(label: string, look: 'primary' | 'secondary', onPress: () => void): HTMLElement {
  return control('vscode-button', { appearance: look, onclick: onPress }, label);
}

/** A short mark beside a name. Not the toolkit's own badge: its template holds a style attribute, which a strict policy forbids. */
export function badge(text: string): HTMLElement {
  const element = document.createElement('span');
  element.className = 'badge';
  element.textContent = text;
  return element;
}

export interface Tab {
  readonly id: string;
  readonly title: string;
  readonly content: HTMLElement;
}

/** Tabs with the keyboard and the roles of the ARIA pattern: arrows, Home and End move between them. */
export function tabs(items: readonly Tab[], active: string, onSelect: (id: string) => void): HTMLElement {
  const panels = control('vscode-panels', { activeid: `tab-${active}`, class: 'tabs' });
  for (const { id, title } of items) panels.append(control('vscode-panel-tab', { id: `tab-${id}` }, title));
  for (const { id, content } of items)
    panels.append(control('vscode-panel-view', { id: `view-${id}` }, content));
  panels.addEventListener('change', (event) => {
    if (event.target !== panels) return;
    const chosen: unknown = event instanceof CustomEvent ? event.detail : undefined;
    if (chosen instanceof HTMLElement) onSelect(chosen.id.replace(/^tab-/, ''));
  });
  return panels;
}

export function dropdown(
  label: string,
  options: readonly { readonly value: string; readonly text: string }[],
  value: string,
  onChoose: (value: string) => void,
): HTMLElement {
  const id = uniqueId('choice');
  const select = control('vscode-dropdown', { id, 'aria-label': label });
  for (const option of options) {
    select.append(
      control('vscode-option', { value: option.value, selected: option.value === value }, option.text),
    );
  }
  select.addEventListener('change', () => {
    const chosen = 'value' in select ? select.value : undefined;
    if (typeof chosen === 'string') onChoose(chosen);
  });
  const wrapper = document.createElement('span');
  wrapper.className = 'choice';
  append(wrapper, [label, select]);
  return wrapper;
}
