import type {
  Collection,
  ComparisonGraph,
  GraphLink,
  GraphNode,
  ValidationReport,
} from '../../src/protocol/validation';
import { comparisonGraph } from '../charts/comparison-graph';
import { histogram, histogramSentence, range } from '../charts/histogram';
import { dropdown } from '../controls';
import type { Child } from '../dom';
import { append, el } from '../dom';
import { figure, legend } from '../figure';
import { counted, integer, list } from '../format';
import { lineLink, openPlace } from '../place-link';
import type { Cell } from '../table';
import { TYPE_COLOURS } from '../theme';
import type { View } from '../view';
import type { WordId } from '../words';
import { section } from './parts';

/** How the dataset was collected: what joins it, and how much there is of what. */
export function collectionSections(view: View, { collection }: ValidationReport): HTMLElement[] {
  if (!collection) return [];
  return [
    section('What joins the data', ...collection.graphs.map((graph) => graphFigure(view, graph))),
    section('How it was collected', histograms(view, collection)),
  ];
}

const depthNames: Record<keyof Collection['depths'], string> = {
  full: 'whole rankings',
  top: 'first places only',
  'best-of': 'favourites only',
  pair: 'pairs',
  tied: 'a tie in the first place',
  uninformative: 'undecided',
};

function histograms(view: View, seen: Collection): HTMLElement {
  const { choiceSetSizes, depths, recordsPerAnnotator, annotatorsPerPrompt, recordsPerPrompt } = seen;
  const kinds = Object.entries(depthNames)
    .map(([depth, name]) => [name, depths[depth as keyof typeof depths]] as const)
    .filter(([, n]) => n > 0)
    .map(([name, n]) => `${integer(n)} ${name}`);
  const prompts = annotatorsPerPrompt.reduce((sum, { count }) => sum + count, 0);
  const one = (
    word: WordId,
    bars: Collection['choiceSetSizes'],
    value: string,
    count: string,
    note: string,
    title: string,
  ) =>
    bars.length === 0
      ? null
      : figure(view, {
          title,
          word,
          note,
          height: 150,
          draw: (width) => histogram(bars, { label: `${title}. ${note}`, value, count }, width),
          numbers: () => ({
            caption: title,
            columns: [
              { title: value, heading: true, numeric: true, word },
              { title: count, numeric: true, word: 'inRange' },
            ],
            rows: bars.map((bar) => [{ value: bar.from, show: range(bar) }, bar.count]),
          }),
        }).element;
  return el(
    'div',
    { class: 'charts' },
    one(
      'choiceSet',
      choiceSetSizes,
      'responses to choose from',
      'records',
      `How far they rank: ${list(kinds)}.`,
      'Choice sets',
    ),
    one(
      'recordsPerAnnotator',
      recordsPerAnnotator,
      'records',
      'annotators',
      histogramSentence(recordsPerAnnotator, 'annotator', 'gave', 'record'),
      'Records per annotator',
    ),
    one(
      'coverage',
      prompts > 1 ? annotatorsPerPrompt : [],
      'annotators',
      'prompts',
      histogramSentence(annotatorsPerPrompt, 'prompt', 'were judged by', 'annotator'),
      'Annotators per prompt',
    ),
    // the same where nobody judged a prompt twice
    one(
      'coverage',
      prompts > 1 && JSON.stringify(recordsPerPrompt) !== JSON.stringify(annotatorsPerPrompt)
        ? recordsPerPrompt
        : [],
      'records',
      'prompts',
      histogramSentence(recordsPerPrompt, 'prompt', 'have', 'record'),
      'Records per prompt',
    ),
  );
}

const titles = {
  judged: 'Prompts, joined by who judged both',
  responses: 'Responses, joined by comparisons',
  items: 'Items, joined by comparisons',
};

function graphFigure(view: View, graph: ComparisonGraph): HTMLElement {
  const { kind, things, shown } = graph;
  const title = kind === 'judged' ? titles.judged : titles[things === 'items' ? 'items' : 'responses'];
  const readable = (what: GraphNode | GraphLink): Child[] =>
    'label' in what ? nodeWords(graph, what) : linkWords(graph, what);
  const hint = view.host.can('openDataset')
    ? 'Point at a dot or a line to read it; a click opens its first record. The arrow keys and Enter do the same.'
    : 'Point at a dot or a line to read it, or use the arrow keys.';
  const readout = el('p', { class: 'note readout graph-readout', 'aria-live': 'polite' }, hint);
  const bothWays = () => view.choice(`graph-${kind}`) === 'strong';
  const partOf = (node: GraphNode) => (bothWays() ? (node.strongPart ?? node.part) : node.part);
  const drawn = figure(view, {
    title,
    word: 'part',
    note: graphSentence(graph),
    height: 120,
    draw: (width) =>
      comparisonGraph(
        graph,
        {
          label: `${title}. ${graphSentence(graph)} The table has the same.`,
          colour: (node) => partOf(node) % TYPE_COLOURS,
          onRead: (what) => {
            readout.replaceChildren();
            append(readout, what ? readable(what) : [hint]);
          },
          onOpen: (line) => {
            if (view.host.can('openDataset')) openPlace(view, { line, column: 1 });
          },
        },
        width,
      ),
    numbers: () => linkTable(view, graph),
  });
  const legendOf = () => {
    const parts = new Set(shown.map(partOf)).size;
    const names = Array.from({ length: Math.min(parts, TYPE_COLOURS) }, (_, i) => `part ${i + 1}`);
    if (parts > TYPE_COLOURS) names[TYPE_COLOURS - 1] = `part ${TYPE_COLOURS} and, in turn, further parts`;
    return parts > 1 ? legend(names) : el('ul', { class: 'legend' });
  };
  const key = el('div', { class: 'graph-key' }, legendOf());
  const differ = shown.some(({ part, strongPart = part }) => part !== strongPart);
  const colours = differ
    ? dropdown(
        'Colours',
        [
          { value: 'weak', text: 'parts that comparisons join' },
          { value: 'strong', text: 'parts joined both ways' },
        ],
        bothWays() ? 'strong' : 'weak',
        (value) => {
          view.choose(`graph-${kind}`, value);
          key.replaceChildren(legendOf());
          drawn.redraw();
        },
      )
    : null;
  return el(
    'div',
    { class: 'graph-block' },
    drawn.element,
    el('div', { class: 'graph-foot' }, colours, key),
    readout,
  );
}

/** What the graph says, without seeing it. */
function graphSentence({
  kind,
  things,
  nodes,
  parts,
  needed,
  strongParts,
  shown,
  every,
}: ComparisonGraph): string {
  const name = things.slice(0, -1);
  const one = kind === 'judged' ? 'Annotators in common join' : 'Comparisons join';
  const all = parts <= needed;
  const what = counted(nodes, name, things);
  const sentences = [
    needed === 1
      ? all
        ? `${one} all ${what}.`
        : `${one} the ${what} into ${counted(parts, 'part')} that nothing joins with each other.`
      : all
        ? `${one} all ${things} within each of ${counted(needed, 'prompt')}, ${integer(nodes)} in all.`
        : `${one} the ${what} of ${counted(needed, 'prompt')} into ${counted(parts, 'part')}, ${integer(parts - needed)} more than there are prompts.`,
  ];
  if (strongParts !== undefined)
    sentences.push(
      strongParts <= needed
        ? 'Everything has lost to everything else, so that a finite fit exists without a prior.'
        : `Joined both ways there are ${counted(strongParts, 'part')}: some responses always win or always lose.`.replace(
            'responses',
            things,
          ),
    );
  const single = shown.filter((node) => node.things === 1).length;
  if (single < nodes)
    sentences.push(
      needed === 1
        ? `Drawn: the ${integer(single)} with the most records in each part; a hollow dot is the rest of its part.`
        : `Drawn: ${integer(single)} of them, of the prompts in the most parts and with the most records.`,
    );
  if (every > 1) sentences.push(`Lines are counted on one in ${integer(every)}.`);
  return sentences.join(' ');
}

function nodeWords({ kind, things }: ComparisonGraph, node: GraphNode): Child[] {
  return [
    el('bdi', { class: 'strong', dir: 'auto' }, node.label),
    node.prompt === undefined ? '' : el('span', {}, ' – to ', el('bdi', { dir: 'auto' }, node.prompt)),
    ` · ${counted(node.records, 'record')}`,
    ` · part ${integer(node.part + 1)}`,
    kind === 'compared' && node.strongPart !== undefined && node.strongPart !== node.part
      ? ` · joined both ways: part ${integer(node.strongPart + 1)}`
      : '',
    node.things > 1 ? ` · ${things} drawn as one` : ` · first in line ${integer(node.line)}`,
  ];
}

function linkWords(
  { kind, shown }: ComparisonGraph,
  { from, to, count, wins = 0, line }: GraphLink,
): Child[] {
  const name = (i: number) => el('bdi', { class: 'strong', dir: 'auto' }, shown[i].label);
  return kind === 'judged'
    ? [
        name(from),
        ' and ',
        name(to),
        `: ${counted(count, 'annotator')} judged both · first in line ${integer(line)}`,
      ]
    : [
        name(from),
        ' above ',
        name(to),
        ` ${integer(wins)} of ${counted(count, 'time')} · first in line ${integer(line)}`,
      ];
}

function linkTable(view: View, { kind, shown, links }: ComparisonGraph) {
  const name = (i: number): Cell => ({
    value: shown[i].label,
    show: el('bdi', { dir: 'auto' }, shown[i].label),
  });
  const linked = new Set(links.flatMap(({ from, to }) => [from, to]));
  const alone = shown.flatMap((node, i) => (linked.has(i) ? [] : [{ node, i }]));
  const compared = kind === 'compared';
  return {
    caption: compared
      ? 'What is compared with what, most often first'
      : 'Prompts that the same annotators judged',
    columns: [
      { title: compared ? 'One' : 'Prompt', heading: true, word: 'compared' as const },
      { title: compared ? 'compared with' : 'and prompt', word: 'compared' as const },
      compared
        ? { title: 'Times', numeric: true, word: 'times' as const }
        : { title: 'Annotators', numeric: true, word: 'judgedBoth' as const },
      ...(compared ? [{ title: 'One above', numeric: true, word: 'wins' as const }] : []),
      { title: 'Part', numeric: true, word: 'part' as const },
      { title: 'First record', numeric: true, word: 'firstRecord' as const },
    ],
    rows: [
      ...links.map(({ from, to, count, wins, line }): Cell[] => [
        name(from),
        name(to),
        count,
        ...(compared ? [wins ?? null] : []),
        shown[from].part + 1,
        { value: line, show: lineLink(view, line) },
      ]),
      ...alone.map(({ node, i }): Cell[] => [
        name(i),
        { value: null, show: 'nothing' },
        0,
        ...(compared ? [null] : []),
        node.part + 1,
        { value: node.line, show: lineLink(view, node.line) },
      ]),
    ],
  };
}
