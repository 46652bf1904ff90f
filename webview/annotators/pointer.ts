/** Which annotator is read and which was chosen; the charts and the table of annotators share one. */
export interface Pointer {
  /** Row of the posterior that is read out; undefined while none is. */
  readonly at: number | undefined;
  /** Row of the annotator whose records are shown. */
  readonly chosen: number | undefined;
  read(annotator: number): void;
  /** @param from where the focus goes back to */
  choose(annotator: number | undefined, from?: HTMLElement | SVGElement): void;
  onRead(listener: (annotator: number) => void): void;
  onChoose(
    listener: (annotator: number | undefined, from: HTMLElement | SVGElement | undefined) => void,
  ): void;
}

export function createPointer(): Pointer {
  const reading: ((annotator: number) => void)[] = [];
  const choosing: Parameters<Pointer['onChoose']>[0][] = [];
  let at: number | undefined;
  let chosen: number | undefined;
  return {
    get at() {
      return at;
    },
    get chosen() {
      return chosen;
    },
    read(annotator) {
      if (annotator === at) return;
      at = annotator;
      for (const tell of reading) tell(annotator);
    },
    choose(annotator, from) {
      chosen = annotator;
      if (annotator !== undefined) this.read(annotator);
      for (const tell of choosing) tell(annotator, from);
    },
    onRead: (listener) => reading.push(listener),
    onChoose: (listener) => choosing.push(listener),
  };
}

/** Lets the arrow keys go through annotators in order, and Enter choose the one that is read. */
export function steer(
  element: HTMLElement | SVGElement,
  pointer: Pointer,
  { order, place }: { readonly order: readonly number[]; readonly place: readonly number[] },
): void {
  const page = Math.max(10, Math.round(order.length / 20));
  element.addEventListener('keydown', (event) => {
    if (!(event instanceof KeyboardEvent)) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      if (pointer.at !== undefined) pointer.choose(pointer.at, element);
      return;
    }
    const now = pointer.at === undefined ? -1 : place[pointer.at];
    const next = {
      ...{ ArrowLeft: now - 1, ArrowUp: now - 1, ArrowRight: now + 1, ArrowDown: now + 1 },
      ...{ PageUp: now - page, PageDown: now + page, Home: 0, End: order.length - 1 },
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    pointer.read(order[Math.max(0, Math.min(order.length - 1, next))]);
  });
}
