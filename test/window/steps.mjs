// Named steps with node-style lines. A step that fails is shown with its reason, and the steps that build on it are skipped.
export function createSteps() {
  const count = { passed: 0, failed: 0, skipped: 0 };
  return {
    count,
    /** A row of steps that build on one another. */
    async scenario(title, play) {
      console.log(`▶ ${title}`);
      let broken = false;
      const step = async (name, act) => {
        if (broken) {
          count.skipped++;
          console.log(`  ﹣ ${name}`);
          return;
        }
        const start = performance.now();
        try {
          const note = await act();
          count.passed++;
          const ms = Math.round(performance.now() - start);
          console.log(`  ✔ ${name} (${ms}ms)${typeof note === 'string' ? ` · ${note}` : ''}`);
        } catch (error) {
          broken = true;
          count.failed++;
          console.log(`  ✖ ${name}\n${indented(error)}`);
        }
      };
      await play(step);
    },
  };
}

/** The reason, without the colours that playwright puts in. */
function indented(error) {
  const escape = String.fromCharCode(27);
  const plain = String(error.stack ?? error).replaceAll(new RegExp(`${escape}\\[\\d+m`, 'g'), '');
  return plain.replace(/^/gm, '      ');
}
