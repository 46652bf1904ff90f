// Where the processor's time goes while a page does something, by Chromium's own tracing.

const CATEGORIES = ['devtools.timeline', 'toplevel', 'blink.user_timing', 'v8'];
const LAYOUT = new Set(['Layout', 'UpdateLayoutTree']);
const PAINT = new Set(['PrePaint', 'Paint', 'Layerize', 'Commit']);
const TASK = /^(ThreadControllerImpl::|ThreadPool_)RunTask$/;

/**
 * @param act what the page does
 * @param until name of a performance mark after which nothing counts
 * @returns milliseconds of processor time: of the page's own thread `script` (with collecting garbage), `layout` (with
 *   styles) and `paint` (what to draw); `raster`, drawing the pixels on other threads, which a graphics card does elsewhere
 */
export async function traced(browser, page, act, until) {
  await browser.startTracing(page, { categories: CATEGORIES });
  await act();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const own = mainThread(traceEvents);
  const mark = until === undefined ? undefined : traceEvents.find(({ name }) => name === until);
  const end = mark?.ts ?? Infinity;
  const sums = { script: 0, layout: 0, paint: 0, raster: 0 };
  for (const { ph, ts, name, pid, tid, tdur = 0 } of traceEvents) {
    if (ph !== 'X' || ts > end) continue;
    if (pid !== own.pid || tid !== own.tid) {
      if (TASK.test(name) && own.drawing.has(`${pid} ${tid}`)) sums.raster += tdur / 1000;
      continue;
    }
    if (TASK.test(name)) sums.script += tdur / 1000;
    if (LAYOUT.has(name)) sums.layout += tdur / 1000;
    if (PAINT.has(name)) sums.paint += tdur / 1000;
  }
  sums.script -= sums.layout + sums.paint;
  return sums;
}

/** The thread of the page, which has the most layout, and the threads that draw: raster workers, compositors, the GPU process. */
function mainThread(events) {
  const names = events.filter(({ name }) => name === 'thread_name');
  const counts = new Map();
  for (const { name, pid, tid } of events)
    if (name === 'UpdateLayoutTree') counts.set(`${pid} ${tid}`, (counts.get(`${pid} ${tid}`) ?? 0) + 1);
  const [busiest] = [...counts].sort((a, b) => b[1] - a[1])[0];
  const [pid, tid] = busiest.split(' ').map(Number);
  const drawing = new Set(
    names
      .filter(({ args }) => /Compositor|Viz|CrGpuMain|ThreadPoolForegroundWorker|TileWorker/.test(args.name))
      .filter((thread) => thread.pid === pid || !/ThreadPool/.test(thread.args.name))
      .map((thread) => `${thread.pid} ${thread.tid}`),
  );
  return { pid, tid, drawing };
}
