// The window as a person drives it: palette, editor, Problems, notifications, the results panel.
import path from 'node:path';

const PATIENCE = 90_000;

/** @param page the workbench in Chromium, or the window of a desktop VS Code */
export function drive(page) {
  page.setDefaultTimeout(PATIENCE);
  const quickInput = page.locator('.quick-input-widget:visible');
  const rows = quickInput.locator('.quick-input-list .monaco-list-row');
  const messages = page.locator(
    ':is(.notifications-toasts, .notifications-center) .notification-list-item:visible',
  );

  const ready = async () => {
    await page.locator('.monaco-workbench').waitFor();
    await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
  };

  /** Runs a command by its title. A palette opened before the extensions are registered does not refresh, so it types again. */
  const command = async (title) => {
    const row = rows.filter({ hasText: title }).first();
    for (let attempt = 0; ; attempt++) {
      try {
        await page.keyboard.press('F1');
        await quickInput.locator('.quick-input-box input').fill(`>${title}`, { timeout: 2000 });
        await row.click({ timeout: 2000 });
        return;
      } catch (error) {
        if (attempt === 15) throw error;
        await page.keyboard.press('Escape');
      }
    }
  };

  return {
    page,
    ready,
    command,
    /** Loads the window again, as a person would: the editor puts its state away first. */
    async reload() {
      await page.evaluate(() => Object.assign(globalThis, { beforeReload: true }));
      await command('Developer: Reload Window');
      await page.waitForFunction(() => !('beforeReload' in globalThis));
      await ready();
    },
    quickInput,
    /** Whether the palette knows a command now. */
    async offers(title) {
      await page.keyboard.press('F1');
      await quickInput.locator('.quick-input-box input').fill(`>${title}`);
      await page.waitForTimeout(1000);
      const labels = await rows.allInnerTexts();
      await page.keyboard.press('Escape');
      return labels.some((label) => label.includes(title));
    },
    async openFile(name) {
      const tab = page.locator('.editor-group-container.active .tab.active', {
        hasText: path.basename(name),
      });
      for (let attempt = 0; ; attempt++) {
        try {
          await page.keyboard.press('Control+P');
          await quickInput.locator('.quick-input-box input').fill(name, { timeout: 2000 });
          await rows.filter({ hasText: name }).first().click({ timeout: 2000 });
          await tab.waitFor({ timeout: 5000 });
          break;
        } catch (error) {
          if (attempt === 10) throw error;
          await page.keyboard.press('Escape');
        }
      }
      await page.locator('.editor-instance .view-lines').first().waitFor();
    },
    /** Chooses an entry of the list that is open. */
    async choose(text) {
      await rows.filter({ hasText: text }).first().waitFor();
      await rows.filter({ hasText: text }).first().click();
    },
    async goTo(line, column) {
      await page.keyboard.press('Control+G');
      await quickInput.locator('.quick-input-box input').fill(`:${line}:${column}`);
      await page.keyboard.press('Enter');
      await quickInput.waitFor({ state: 'hidden' });
    },
    squiggles: (severity) => page.locator(`.squiggly-${severity}`),
    problems: (text) => page.locator('.markers-panel .monaco-list-row', { hasText: text }),
    statusItem: page.locator('#em-dpo-lab\\.em-dpo-lab\\.emdpo\\.training'),
    /** What is inside the results panel in front. */
    panel: page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame'),
    /** A notification, out of the list of all where its toast has gone already. */
    async notification(text) {
      const found = messages.filter({ hasText: text }).first();
      try {
        await found.waitFor({ timeout: 5000 });
      } catch {
        await command('Notifications: Show Notifications');
        await found.waitFor();
      }
      return found;
    },
    async clearNotifications() {
      await command('Notifications: Clear All Notifications');
    },
    async theme(name) {
      await command('Preferences: Color Theme');
      await quickInput.locator('.quick-input-box input[placeholder*="Theme"]').waitFor();
      await quickInput.locator('.quick-input-box input').fill(name);
      await rows.filter({ hasText: name }).first().click();
      await quickInput.waitFor({ state: 'hidden' });
    },
  };
}
