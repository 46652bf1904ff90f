import { el } from '../dom';
import { counted } from '../format';
import type { Moment, Move } from '../iterations';
import { movesOf } from '../iterations';
import { exportTools, paintSwatch, swatch } from '../table';
import type { View } from '../view';
import type { GridColumn } from '../virtual-grid';
import { virtualGrid } from '../virtual-grid';

/** The annotators who moved at an iteration, by name; Enter or a click goes to their records. */
export function whoMoved(
  view: View,
  names: readonly string[],
): { readonly element: HTMLElement; show(moment: Moment): void } {
  const annotators = view.snapshot.posterior?.annotators ?? [];
  let moves: readonly Move[] = [];
  const columns: readonly GridColumn[] = [
    { title: 'Annotator', word: 'annotator', width: 11, grows: true },
    { title: 'From', word: 'assignments', width: 9 },
    { title: 'To', word: 'assignments', width: 9 },
  ];
  const grid = virtualGrid({
    label: 'Annotators who moved',
    columns,
    line: () => {
      const name = el('bdi', { dir: 'auto', class: 'link' });
      const [from, to] = [typeCell(), typeCell()];
      return {
        cells: [name, from.element, to.element],
        show: (i) => {
          const move = moves[i];
          name.textContent = annotators[move.annotator];
          from.show(move.from, names);
          to.show(move.to, names);
        },
      };
    },
    onOpen: (i) => {
      view.visit(annotators[moves[i].annotator]);
    },
  });
  const tools = el('div', {});
  const title = el('summary', {});
  const element = el('details', { class: 'who-moved' }, title, grid.element, tools);
  return {
    element,
    show(moment) {
      moves = movesOf(moment);
      title.textContent = titleOf(moment, moves);
      grid.fill(moves.length);
      const given = {
        caption: `Annotators who moved at ${moment.entry.iteration}`,
        columns,
        rows: moves.map(({ annotator, from, to }) => [annotators[annotator], names[from], names[to]]),
      };
      tools.replaceChildren(exportTools(view, given));
    },
  };
}

function titleOf({ before }: Moment, moves: readonly Move[]): string {
  if (!before) return 'Nothing before it to compare with';
  return moves.length === 0 ? 'Nobody moved' : `${counted(moves.length, 'annotator')} who moved`;
}

function typeCell(): {
  readonly element: HTMLElement;
  readonly show: (type: number, names: readonly string[]) => void;
} {
  const mark = swatch(0);
  const name = el('bdi', { dir: 'auto' });
  return {
    element: el('span', {}, mark, name),
    show: (type, names) => {
      paintSwatch(mark, type);
      name.textContent = names[type];
    },
  };
}
