import type { RunEvent } from '../src/protocol/event';
import type { AnswerLine, PanelSnapshot } from '../src/protocol/panel';
import { button, tabs } from './controls';
import { el } from './dom';
import { glossary } from './glossary';
import { header } from './header';
import type { Host, PanelMemory } from './host';
import { connect } from './host';
import { drawForPrint } from './print';
import { inShort } from './sections/in-short';
import type { TabContents } from './tabs/contents';
import { tabContents } from './tabs/contents';
import type { TabId } from './tabs/offered';
import { TITLES, offeredTabs } from './tabs/offered';
import { chosenAnnotator } from './annotators/chosen';
import { watchTheme } from './theme';
import { addEvent, emptyTraining } from './training-state';
import type { View } from './view';
import { sentence } from './view';
import { linkPages } from './page-links';

/** Left on the page's timeline: scripts/measure-panel.mjs reads them. The last is a frame that shows the run anew. */
const [ASKED, READ, SHOWN] = ['run asked for', 'run read', 'run shown'];

/** Shows one run and follows it: asks for a snapshot, adds events as they come, asks again when told. */
function start(host: Host): void {
  const page = el('main', {}, el('p', { class: 'empty', role: 'status' }, 'Reading the run…'));
  const voice = el('div', { class: 'voice', role: 'status', 'aria-live': 'polite' });
  document.body.append(page, voice);
  watchTheme(host.kind);

  let memory: PanelMemory = host.recall();
  const remember = (change: PanelMemory) => {
    memory = { ...memory, ...change };
    host.remember(memory);
  };
  let quiet: ReturnType<typeof setTimeout> | undefined;
  const say = (text: string) => {
    clearTimeout(quiet);
    voice.textContent = text;
    quiet = setTimeout(() => {
      voice.textContent = '';
    }, 8000);
  };

  let live:
    | {
        readonly add: (events: readonly RunEvent[]) => void;
        readonly draw: () => void;
        readonly hear: (question: number, lines: readonly AnswerLine[]) => void;
      }
    | undefined;

  const show = (snapshot: PanelSnapshot) => {
    const view: View = {
      snapshot,
      host,
      say,
      choice: (name) => memory.choices?.[name],
      choose: (name, value) => {
        remember({ choices: { ...memory.choices, [name]: value } });
      },
      visit,
    };
    linkPages(view);
    const training = emptyTraining();
    for (const event of snapshot.events) addEvent(training, event);
    const shown = offeredTabs(view);
    const isShown = (id: string | undefined): id is TabId => shown.some((each) => each === id);
    const usual = snapshot.result ? 'types' : 'training';
    const asked = snapshot.compareWith ? 'compare' : memory.tab;
    let active: TabId = isShown(asked) ? asked : usual;
    if (asked !== memory.tab) remember({ tab: active });
    const places = new Map(
      shown.map((id) => [id, el('div', { class: `tab ${id}`, 'data-title': TITLES[id] })]),
    );
    let contents: TabContents | undefined;
    live = {
      add: (events) => {
        for (const event of events) addEvent(training, event);
      },
      draw: () => {
        contents?.update(active);
      },
      hear: (question, lines) => contents?.hear(question, lines),
    };
    const fill = (id: TabId) => {
      const place = places.get(id);
      if (contents && place?.childElementCount === 0) place.append(contents.make(id));
    };
    const select = (id: string) => {
      if (!isShown(id)) return;
      active = id;
      fill(id);
      live?.draw();
      window.scrollTo({ top: memory.scroll?.[id] ?? 0 });
      remember({ tab: id });
    };
    const scrolled = () => {
      remember({ scroll: { ...memory.scroll, [active]: window.scrollY } });
    };
    const bar = tabs(
      shown.map((id) => ({ id, title: TITLES[id], content: places.get(id) ?? el('div') })),
      active,
      select,
    );
    const footer = el('footer', {});
    page.replaceChildren(header(view), inShort(view) ?? '', bar, footer);
    const at = memory.scroll?.[active] ?? 0;
    const complete = () => {
      contents = tabContents(view, training);
      fill(active);
      footer.append(glossary(), el('p', { class: 'muted path' }, snapshot.directory));
      // where there is nothing to scroll it would only have the page laid out before its time
      if (at > 0 && bar.isConnected) window.scrollTo({ top: at });
      window.onscrollend = scrolled;
      window.onbeforeprint = () => {
        shown.forEach(fill);
        drawForPrint(page);
      };
    };
    // what is further down comes after the frame that shows the run
    const inSight = at > 0 || bar.getBoundingClientRect().bottom < window.innerHeight;
    requestAnimationFrame(() => setTimeout(() => performance.mark(SHOWN)));
    if (inSight) complete();
    else requestAnimationFrame(() => setTimeout(complete));
  };

  const visit = (annotator: string) => {
    remember({ tab: 'types', choices: { ...memory.choices, ...chosenAnnotator(annotator) } });
    void load();
  };

  const refuse = (error: unknown) => {
    page.replaceChildren(
      el(
        'div',
        { class: 'empty', role: 'alert' },
        el('p', {}, sentence(error)),
        button('Try again', 'primary', () => void load()),
      ),
    );
  };
  // Events may overtake the snapshot that comes before them: those that do are added after it. Adding twice is harmless.
  let early: RunEvent[] | undefined;
  const load = async () => {
    early = [];
    try {
      performance.mark(ASKED);
      const snapshot = await host.request('snapshot', {});
      performance.mark(READ);
      show(snapshot);
      live?.add(early);
      live?.draw();
    } catch (error) {
      refuse(error);
    }
    early = undefined;
  };

  let due: ReturnType<typeof setTimeout> | undefined;
  host.onNotice((notice) => {
    if (notice.kind === 'changed') {
      void load();
      return;
    }
    if (notice.kind === 'annotator') {
      visit(notice.annotator);
      return;
    }
    if (notice.kind === 'answers') {
      live?.hear(notice.question, notice.lines);
      return;
    }
    early?.push(...notice.events);
    live?.add(notice.events);
    // However many events come, the charts are drawn at most five times a second.
    due ??= setTimeout(() => {
      due = undefined;
      live?.draw();
    }, 200);
  });
  host.onFault(say);
  void load();
}

try {
  start(connect());
} catch (error) {
  document.body.append(el('p', { class: 'empty', role: 'alert' }, sentence(error)));
}
