/* global document, PointerEvent, requestAnimationFrame, window */
// How smoothly the panel of a big run moves: frames a second, and where the processor's time for one frame goes.
import { pathToFileURL } from 'node:url';
import { traced } from './tracing.mjs';

const EACH = 240;

const MOVES = [
  ['scrolling the list of annotators, 1,000 rows a second', 'types', '[role=grid]', 'scroll'],
  ['scrolling the whole tab', 'types', 'html', 'scroll'],
  ['pointing through the map of annotators', 'types', '.map canvas', 'point'],
  ['moving a protection slider', 'regret', '.protect input', 'slide'],
];

/** @param report report.html of a big run */
export async function scrolling(browser, report) {
  const rows = [];
  for (const [what, tab, selector, how] of MOVES) {
    const page = await browser.newPage({ viewport: { width: 1100, height: 800 } });
    await page.goto(pathToFileURL(report).href);
    await page.locator(`#tab-${tab}`).click();
    const place = page.locator(selector).first();
    await place.waitFor();
    if (selector !== 'html') await place.scrollIntoViewIfNeeded();
    await page.waitForTimeout(1500);
    let intervals;
    const times = await traced(browser, page, async () => {
      intervals = await page.evaluate(move, [how, selector, EACH]);
    });
    const seconds = intervals.reduce((sum, ms) => sum + ms, 0) / 1000;
    const sorted = [...intervals].sort((a, b) => a - b);
    rows.push({
      what,
      rate: intervals.length / seconds,
      p95: sorted[Math.floor(sorted.length * 0.95)],
      ...Object.fromEntries(Object.entries(times).map(([part, ms]) => [part, ms / intervals.length])),
    });
    await page.close();
  }
  return { each: EACH, rows };
}

/** Runs in the page: moves on with each frame. Returns the time between frames, in milliseconds. */
function move([how, selector, frames]) {
  const place = document.querySelector(selector);
  const whole = selector === 'html';
  const { left, top, width } = place.getBoundingClientRect();
  let direction = 1;
  const step = {
    scroll: () => {
      const end = place.scrollHeight - (whole ? window.innerHeight : place.clientHeight);
      if (place.scrollTop >= end - 1) direction = -1;
      if (place.scrollTop <= 0) direction = 1;
      place.scrollTop += direction * (whole ? 40 : 467);
    },
    point: (frame) => {
      const at = { clientX: left + ((frame * 7) % width), clientY: top + 5, bubbles: true };
      place.dispatchEvent(new PointerEvent('pointermove', at));
    },
    slide: (frame) => {
      place.value = String((frame % 20) / 4);
      place.dispatchEvent(new Event('input', { bubbles: true }));
    },
  }[how];
  const intervals = [];
  return new Promise((resolve) => {
    let last;
    const next = (now) => {
      if (last !== undefined) intervals.push(now - last);
      last = now;
      if (intervals.length === frames) {
        resolve(intervals);
        return;
      }
      step(intervals.length + 1);
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
}
