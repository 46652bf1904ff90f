/* global document, requestAnimationFrame, window */
// How smoothly a big run scrolls: frames a second, and the work behind one.
import { pathToFileURL } from 'node:url';

const EACH = 240;

/** @param report report.html of a big run */
export async function scrolling(browser, report) {
  const page = await browser.newPage({ viewport: { width: 1100, height: 800 } });
  await page.goto(pathToFileURL(report).href);
  await page.locator('#tab-types').click();
  await page.locator('[role=grid] .rows .row').first().waitFor();
  await page.waitForTimeout(1000);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const work = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
  };
  const rows = [];
  for (const [what, selector] of [
    ['the list of annotators, 1,000 rows a second', '[role=grid]'],
    ['the whole tab', 'html'],
  ]) {
    await page.locator(selector).first().scrollIntoViewIfNeeded();
    await page.waitForTimeout(300);
    const before = await work();
    const intervals = await page.evaluate(scroll, [selector, EACH]);
    const after = await work();
    const seconds = intervals.reduce((sum, ms) => sum + ms, 0) / 1000;
    const sorted = [...intervals].sort((a, b) => a - b);
    rows.push({
      what,
      rate: intervals.length / seconds,
      p95: sorted[Math.floor(sorted.length * 0.95)],
      work: (after - before) / intervals.length,
    });
  }
  await page.close();
  return { each: EACH, rows };
}

/** Runs in the page: scrolls on with each frame, and back at the end. Returns the time between frames. */
function scroll([selector, frames]) {
  const place = document.querySelector(selector);
  const step = selector === 'html' ? 40 : 467;
  const intervals = [];
  return new Promise((resolve) => {
    let direction = 1;
    let last;
    const next = (now) => {
      if (last !== undefined) intervals.push(now - last);
      last = now;
      if (intervals.length === frames) {
        resolve(intervals);
        return;
      }
      const end = place.scrollHeight - (selector === 'html' ? window.innerHeight : place.clientHeight);
      if (place.scrollTop >= end - 1) direction = -1;
      if (place.scrollTop <= 0) direction = 1;
      place.scrollTop += direction * step;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
}
